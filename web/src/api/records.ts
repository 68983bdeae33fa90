import { queryOptions } from '@tanstack/react-query'
import { send, type Versioned } from './client'
import type { Duplicate, Page, Pin, Product, RecordRef } from './types'

/** The lists of the API by kind of record. */
const LISTS: Record<string, string> = {
  lead: 'leads', account: 'accounts', contact: 'contacts', opportunity: 'opportunities', contract: 'contracts', payment: 'payments',
  activity: 'activities', invoice: 'invoices', sales_order: 'orders', delivery: 'deliveries',
}
export const listOf = (type: string): string | undefined => LISTS[type]

/** What every view of a record has, beside the fields of its kind. */
export interface RecordData { id: string; archived?: boolean; updated_at?: string; [field: string]: unknown }

export type { Product, TimelineItem } from './types'

const pathOf = (type: string, id: string) => `/${listOf(type) ?? type}/${encodeURIComponent(id)}`

export const readRecord = (type: string, id: string, signal?: AbortSignal) => send<RecordData>('GET', pathOf(type, id), { signal })
export const createRecord = (type: string, body: unknown, key: string) => send<RecordData>('POST', `/${listOf(type) ?? type}`, { body, key })
export const changeRecord = (type: string, id: string, body: unknown, etag: string | null) => send<RecordData>('PATCH', pathOf(type, id), { body, etag })
export const archiveRecord = (type: string, id: string, etag: string | null) => send<RecordData>('DELETE', pathOf(type, id), { etag })
export const restoreRecord = (type: string, id: string) => send<RecordData>('POST', `${pathOf(type, id)}/restoration`, {})
export const convertLead = (id: string, body: unknown, key: string) => send<{ account_id: string | null; contact_id: string | null; opportunity_id: string | null }>('POST', `/leads/${encodeURIComponent(id)}/conversion`, { body, key })

/** Keeps a record at hand, for the asker alone. */
export const pinRecord = (type: string, id: string) => send('PUT', `/records/${type}/${encodeURIComponent(id)}/pin`)
export const unpinRecord = (type: string, id: string) => send('DELETE', `/records/${type}/${encodeURIComponent(id)}/pin`)

/** `mentions` are the people whom the text names. */
export const addComment = ({ type, id }: RecordRef, text: string, key: string, mentions: string[] = []) => send('POST', `/records/${type}/${id}/comments`, { body: { text, mentions }, key })
export const changeComment = (id: string, text: string, etag: string | null, mentions: string[] = []) => send('PATCH', `/comments/${id}`, { body: { text, mentions }, etag })
export const removeComment = (id: string) => send('DELETE', `/comments/${id}`)

const query = (values: Record<string, string | undefined>) => new URLSearchParams(Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]))).toString()

export const recordQueries = {
  /** The record as its own list gives it, with its version. */
  view: (type: string, id: string) => queryOptions({
    queryKey: ['record', 'view', type, id], enabled: listOf(type) !== undefined,
    queryFn: ({ signal }): Promise<Versioned<RecordData>> => readRecord(type, id, signal),
  }),
  /** Records of a kind whose name has a text in it, for choosing one. */
  pick: (type: string, text: string, filter: Record<string, string> = {}) => queryOptions({
    queryKey: ['pick', type, text, filter], staleTime: 30_000,
    queryFn: async ({ signal }) => (await send<Page<RecordData>>('GET', `/${listOf(type) ?? type}?${query({ ...filter, text, limit: '12' })}`, { signal })).data.items,
  }),
  products: () => queryOptions({
    queryKey: ['products'], staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => (await send<Page<Product>>('GET', '/products', { signal })).data.items,
  }),
  pipelines: () => queryOptions({
    queryKey: ['pipelines'], staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => (await send<Page<{ id: string; name: string; stages: { id: string; code: string; name: string; kind: string }[] }>>('GET', '/pipelines', { signal })).data.items,
  }),
  duplicates: (keys: Record<string, string>) => queryOptions({
    queryKey: ['duplicates', keys], staleTime: 30_000, retry: false,
    queryFn: async ({ signal }) => (await send<Page<Duplicate>>('GET', `/duplicates?${query(keys)}`, { signal })).data.items,
  }),
  /** What the asker keeps at hand, the newest first. */
  pins: () => queryOptions({
    queryKey: ['pins'], staleTime: 60_000,
    queryFn: async ({ signal }) => (await send<Page<Pin>>('GET', '/pins', { signal })).data.items,
  }),
  /** Who may be named in a comment at a record. */
  readers: (type: string, id: string) => queryOptions({
    queryKey: ['readers', type, id], staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => (await send<Page<{ id: string; name: string }>>('GET', `/records/${type}/${id}/readers`, { signal })).data.items,
  }),
  /** What is to be done next at a record: its newest visits and calls say so. */
  activities: (filter: Record<string, string>) => queryOptions({
    queryKey: ['record', 'activities', filter],
    queryFn: async ({ signal }) => (await send<Page<{ id: string; next_step: string | null; next_step_on: string | null; happened_on: string }>>('GET', `/activities?${query({ ...filter, limit: '10' })}`, { signal })).data.items,
  }),
}
