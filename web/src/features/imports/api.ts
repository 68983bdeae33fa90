import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { getUrl, send } from '@/api/client'
import type { Page } from '@/api/types'
import type { components } from '@/api/schema'

type S = components['schemas']
export type ImportRun = S['ImportRunView']
export type ImportItem = S['ImportRunRow']
export type ImportColumn = S['ImportColumn']
export type Mapping = S['Mapping']
export type RejectedRow = S['RejectedRow']
export type FileRow = S['ImportFileRow']
export type UnknownValue = S['UnknownValue']
export type Choice = S['ImportChoice']

export const IMPORT_KINDS = ['accounts', 'contacts', 'leads', 'opportunities', 'contracts', 'payments', 'invoices', 'orders', 'deliveries', 'activities', 'people', 'products', 'targets'] as const
export type ImportKind = (typeof IMPORT_KINDS)[number]

/** How often a run at work is looked at. */
const LIVE_MS = 700
const BASE = '/api/v1'

export const atWork = (run: { status: string }) => run.status === 'checking' || run.status === 'running'

export const importQueries = {
  list: () => infiniteQueryOptions({
    queryKey: ['imports', 'list'],
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<ImportItem>) => last.next_cursor,
    queryFn: ({ pageParam, signal }) => getUrl<Page<ImportItem>>(`${BASE}/import-runs?limit=20${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`, signal),
    refetchInterval: (query) => (query.state.data?.pages.some((page) => page.items.some(atWork)) ? 3 * LIVE_MS : false),
  }),
  run: (id: string) => queryOptions({
    queryKey: ['imports', 'run', id],
    queryFn: ({ signal }) => getUrl<ImportRun>(`${BASE}/import-runs/${id}`, signal),
    refetchInterval: (query) => (query.state.data && atWork(query.state.data) ? LIVE_MS : false),
  }),
  rejected: (id: string, version: number) => infiniteQueryOptions({
    queryKey: ['imports', 'rejected', id, version],
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<RejectedRow>) => last.next_cursor,
    queryFn: ({ pageParam, signal }) => getUrl<Page<RejectedRow>>(`${BASE}/import-runs/${id}/rejected-rows?limit=50${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`, signal),
  }),
  choices: (id: string, column: string, text: string) => queryOptions({
    queryKey: ['imports', 'choices', id, column, text], staleTime: 30_000, placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await getUrl<S['ImportChoices']>(`${BASE}/import-runs/${id}/choices?column=${encodeURIComponent(column)}&text=${encodeURIComponent(text)}`, signal)).items,
  }),
}

export const rejectedFile = (id: string) => `${BASE}/import-runs/${id}/rejected-file`
export const match = async (run: ImportRun, mapping: Mapping) => (await send<ImportRun>('PATCH', `/import-runs/${run.id}`, { body: mapping, etag: `"${run.version}"` })).data
export const start = async (id: string) => (await send<ImportRun>('POST', `/import-runs/${id}/start`)).data
export const cancel = async (id: string) => (await send<ImportRun>('POST', `/import-runs/${id}/cancellation`)).data
export const mend = async (id: string, rows: FileRow[]) => (await send<ImportRun>('POST', `/import-runs/${id}/mending`, { body: { rows } })).data
