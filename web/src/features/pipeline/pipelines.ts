import { useMemo } from 'react'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { client, unwrap } from '@/api/client'
import type { components } from '@/api/schema'
import type { Lookups } from '@/components/list/model'

type S = components['schemas']
export type Pipeline = S['PipelineView']
export type Amount = S['Amount']

const SELDOM = 5 * 60_000

export const pipelines = () => queryOptions({
  queryKey: ['pipelines'], staleTime: SELDOM,
  queryFn: async (): Promise<Pipeline[]> => (await unwrap(client.GET('/api/v1/pipelines'))).items,
})

const products = () => queryOptions({
  queryKey: ['products'], staleTime: SELDOM,
  queryFn: async () => (await unwrap(client.GET('/api/v1/products'))).items,
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

export type Board = S['BoardView']
/** A column of the board: how many deals stand in it and what they come to, with the first of them. */
export type BoardStage = S['BoardStage']

export const SORTS = ['stage_entered_at', '-amount', 'expected_close_on'] as const
export type Sort = (typeof SORTS)[number]

/** Cards in a column: what stands beyond is a click away. */
const CARDS = 60

export interface BoardQuery { owner_id?: string; team_id?: string; sort: Sort }

export const board = (pipeline: string, query: BoardQuery) => queryOptions({
  queryKey: ['board', pipeline, query],
  queryFn: () => unwrap<Board>(client.GET('/api/v1/pipelines/{id}/board', { params: { path: { id: pipeline }, query: { ...query, limit: CARDS } } })),
})
