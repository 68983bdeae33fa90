import { queryOptions } from '@tanstack/react-query'
import { send, type Versioned } from '@/api/client'
import type { components } from '@/api/schema'
import type { Page } from '@/api/types'

export type Pipeline = components['schemas']['PipelineView']
export type Stage = components['schemas']['StageView']

/** What a stage may require, in the order of the form. */
export const REQUIRABLE = ['account', 'contact', 'amount', 'product', 'expected_close_on', 'source', 'next_step', 'competitor', 'lost_reason'] as const
export const KINDS = ['open', 'won', 'lost'] as const

/** What a change of a pipeline makes stale. */
export const STALE = [['pipelines'], ['board'], ['funnel'], ['fact-fields'], ['list', 'opportunities']] as const

export const allPipelines = (archived: boolean) => queryOptions({
  queryKey: ['pipelines', 'setup', archived],
  queryFn: async ({ signal }) => (await send<Page<Pipeline>>('GET', `/pipelines?archived=${String(archived)}`, { signal })).data.items,
})

type Done = Promise<Versioned<Pipeline>>
/** A pipeline and its stages have one version: whoever changes a stage sends that of the pipeline. */
const etag = ({ version }: Pipeline) => `"${version}"`

export const edits = {
  make: (name: string): Done => send('POST', '/pipelines', { body: { name } }),
  rename: (pipeline: Pipeline, name: string): Done => send('PATCH', `/pipelines/${pipeline.id}`, { body: { name }, etag: etag(pipeline) }),
  putAway: (pipeline: Pipeline): Done => send('DELETE', `/pipelines/${pipeline.id}`, { etag: etag(pipeline) }),
  bringBack: (id: string): Done => send('POST', `/pipelines/${id}/restoration`, {}),
  addStage: (pipeline: Pipeline, body: unknown): Done => send('POST', `/pipelines/${pipeline.id}/stages`, { body }),
  changeStage: (pipeline: Pipeline, stage: string, body: unknown): Done => send('PATCH', `/stages/${stage}`, { body, etag: etag(pipeline) }),
  putStageAway: (pipeline: Pipeline, stage: string, to: string | null): Done => send('DELETE', `/stages/${stage}${to ? `?move_to=${to}` : ''}`, { etag: etag(pipeline) }),
  bringStageBack: (stage: string): Done => send('POST', `/stages/${stage}/restoration`, {}),
}
