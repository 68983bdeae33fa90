import { queryOptions } from '@tanstack/react-query'
import { send } from './client'
import type { components } from './schema'
import type { Page, Product } from './types'

export type Line = components['schemas']['ProductLineView']
export type Part = 'products' | 'product-lines'

const SELDOM = 5 * 60_000

/** Everything of the catalog is short: it is read as a whole, sorted and searched here. */
export const catalogQueries = {
  products: (archived: boolean) => queryOptions({
    queryKey: archived ? ['products', 'archived'] : ['products'], staleTime: SELDOM,
    queryFn: async ({ signal }) => (await send<Page<Product>>('GET', archived ? '/products?archived=true' : '/products', { signal })).data.items,
  }),
  lines: (archived: boolean) => queryOptions({
    queryKey: ['product-lines', archived], staleTime: SELDOM,
    queryFn: async ({ signal }) => (await send<Page<Line>>('GET', `/product-lines?archived=${String(archived)}`, { signal })).data.items,
  }),
}

/** What a change of the catalog makes stale. */
export const STALE = [['products'], ['product-lines'], ['fact-fields']] as const

const tag = (version: number) => `"${version}"`

export const save = (part: Part, body: unknown, row: { id: string; version: number } | null) => (row
  ? send('PATCH', `/${part}/${row.id}`, { body, etag: tag(row.version) })
  : send('POST', `/${part}`, { body }))
export const putAway = (part: Part, row: { id: string; version: number }) => send('DELETE', `/${part}/${row.id}`, { etag: tag(row.version) })
export const bringBack = (part: Part, id: string) => send('POST', `/${part}/${id}/restoration`, {})
