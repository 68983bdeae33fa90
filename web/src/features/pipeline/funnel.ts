import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { client, unwrap } from '@/api/client'
import type { components } from '@/api/schema'

export type Funnel = components['schemas']['FunnelView']
export type FunnelStage = components['schemas']['FunnelStage']

/** How far back deals are looked at, and how long they have to go on. */
export const LOOKS = [30, 90, 180, 365] as const
export const TIMES = [14, 30, 60, 90] as const

export interface FunnelQuery { owner_id?: string; team_id?: string; from: string; to: string; days: number }

export const funnel = (pipeline: string, query: FunnelQuery) => queryOptions({
  queryKey: ['funnel', pipeline, query], placeholderData: keepPreviousData,
  queryFn: () => unwrap<Funnel>(client.GET('/api/v1/pipelines/{id}/funnel', { params: { path: { id: pipeline }, query } })),
})

/** A day so many days before another one. */
export const daysBefore = (day: string, days: number) => new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10)
