import type { QueryClient } from '@tanstack/react-query'
import type { Me } from './types'

/**
 * What a page shows first, as its module's `first`: asked for when the program starts there, beside the page's code, so that the
 * page is drawn once and whole. Never needed for it to work: the page asks for the same.
 */
export type First = (client: QueryClient, me: Me, params: URLSearchParams) => Promise<unknown>
