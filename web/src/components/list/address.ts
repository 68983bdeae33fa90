import type { Column, Filter, ListKind, Row } from './model'

/*
 * A list in the address: its filters by the names of the API, `sort`, `archived` and `columns`. What somebody wrote into the
 * address that no list knows is left out of the question, never sent.
 */

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const DATE = /^\d{4}-\d{2}-\d{2}$/
const AMOUNT = /^-?\d{1,15}(\.\d{1,6})?$/
const LONGEST = 200

/** The parameters of a filter. */
export const paramsOf = (filter: Filter): string[] => (isRange(filter) ? [`${filter.param}_from`, `${filter.param}_to`] : [filter.param])

export const isRange = (filter: Filter): filter is Extract<Filter, { type: 'amount' | 'dates' }> => filter.type === 'amount' || filter.type === 'dates'

/** Whether a value may be sent for a filter. */
export function isValid(filter: Filter, value: string): boolean {
  switch (filter.type) {
    case 'owner': case 'team': case 'lookup': case 'record': return UUID.test(value)
    case 'choice': return filter.words.includes(value)
    case 'amount': return AMOUNT.test(value)
    case 'dates': return DATE.test(value) && !Number.isNaN(Date.parse(value))
    default: return value.trim() !== '' && value.length <= LONGEST
  }
}

/** The value of one parameter of a filter; none where the address holds nothing that can be asked for. */
export function valueOf(filter: Filter, param: string, params: URLSearchParams): string | null {
  const value = params.get(param)
  return value !== null && isValid(filter, value) ? value : null
}

/** The filters that narrow the list now. */
export const activeFilters = (filters: readonly Filter[], params: URLSearchParams): Filter[] =>
  filters.filter((filter) => paramsOf(filter).some((param) => valueOf(filter, param, params) !== null))

/** The changes of the address that clear filters. */
export const cleared = (filters: readonly Filter[]): Record<string, null> =>
  Object.fromEntries([...filters.flatMap(paramsOf), 'archived'].map((param) => [param, null]))

/** The order in the address, if the kind has it; else its own. */
export function sortOf<T extends Row>(kind: ListKind<T>, params: URLSearchParams): string {
  const sort = params.get('sort')
  const name = sort?.replace(/^-/, '')
  const known = name === 'created_at' || kind.columns.some((column) => column.sort === name)
  return sort && known ? sort : kind.sort
}

/** What a click on a header asks for: its order, then the other way round, then the list's own. */
export function nextSort<T>(column: Column<T>, present: string, own: string): string | null {
  if (!column.sort) return present
  const [first, second] = column.down ? [`-${column.sort}`, column.sort] : [column.sort, `-${column.sort}`]
  const next = present === first ? second : present === second ? own : first
  // Where the list's own order is one of the two, there is no third.
  return next === own ? null : next
}

/** How a header is read out. */
export function ariaSort<T>(column: Column<T>, present: string): 'ascending' | 'descending' | undefined {
  if (!column.sort) return undefined
  const up = present === column.sort
  if (!up && present !== `-${column.sort}`) return undefined
  return up !== (column.inverse ?? false) ? 'ascending' : 'descending'
}

/** The question to the server, without a page's limit and cursor. */
export function queryOf<T extends Row>(kind: ListKind<T>, params: URLSearchParams): string {
  const query = new URLSearchParams()
  for (const filter of kind.filters) {
    for (const param of paramsOf(filter)) {
      const value = valueOf(filter, param, params)
      if (value !== null) query.set(param, filter.type === 'text' ? value.trim() : value)
    }
  }
  if (kind.archives && params.get('archived') === 'true') query.set('archived', 'true')
  query.set('sort', sortOf(kind, params))
  return query.toString()
}

/** The columns to show: as the address says, else as they were chosen here, else the kind's own. The first is always there. */
export function columnsOf<T extends Row>(kind: ListKind<T>, inAddress: string | null, chosen: readonly string[] | null): Column<T>[] {
  const named = inAddress?.split(',').filter((id) => kind.columns.some((column) => column.id === id)) ?? []
  const ids = named.length > 0 ? named : chosen
  return kind.columns.filter((column, index) => index === 0 || (ids ? ids.includes(column.id) : column.initial))
}
