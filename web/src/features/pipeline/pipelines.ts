import { useMemo } from 'react'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { client, getUrl, unwrap } from '@/api/client'
import type { components } from '@/api/schema'
import type { Lookups, Opportunity } from '@/components/list/model'

type S = components['schemas']
export type Pipeline = S['PipelineView']
export type Amount = S['Amount']

const SELDOM = 5 * 60_000

export const pipelines = () => queryOptions({
  queryKey: ['pipelines'], staleTime: SELDOM,
  queryFn: async (): Promise<Pipeline[]> => (await unwrap(client.GET('/api/v1/pipelines'))).items,
})

interface Product { id: string; code: string; name: string }

const products = () => queryOptions({
  queryKey: ['products'], staleTime: SELDOM,
  queryFn: async ({ signal }) => (await getUrl<{ items: Product[] }>('/api/v1/products?limit=200', signal)).items,
})

/** The words behind the ids that a deal's row names and no list answer does. */
export function useLookups(pipelineId: string | null): Lookups {
  const { data: known } = useQuery(pipelines())
  const { data: sold } = useQuery(products())
  return useMemo(() => ({
    stage_id: (known ?? []).filter(({ id }) => pipelineId === null || id === pipelineId).flatMap(({ stages }) => stages.map(({ id, name }) => ({ value: id, label: name }))),
    pipeline_id: (known ?? []).map(({ id, name }) => ({ value: id, label: name })),
    product_id: (sold ?? []).map(({ id, name }) => ({ value: id, label: name })),
  }), [known, pipelineId, sold])
}

/** A column of the board: how many deals stand in it and what they come to, with the first of them. */
export interface BoardStage { id: string; code: string; name: string; kind: string; count: number; amount: Amount | null; cards: Opportunity[]; names?: Record<string, string> }
export interface Board { stages: BoardStage[] }

export const SORTS = ['stage_entered_at', '-amount', 'expected_close_on'] as const

export const board = (pipeline: string, query: string) => queryOptions({
  queryKey: ['board', pipeline, query],
  queryFn: ({ signal }) => getUrl<Board>(`/api/v1/pipelines/${pipeline}/board${query ? `?${query}` : ''}`, signal),
})
