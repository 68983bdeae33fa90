import { describe, expect, it } from 'vitest'
import { activeFilters, ariaSort, cleared, columnsOf, nextSort, queryOf, sortOf } from './address'
import type { ListKind, Row } from './model'

const OWNER = '01a203fa-2660-73a0-9a93-3819d0f9db45'
const kind: ListKind<Row> = {
  kind: 'opportunities', type: 'opportunity', sort: '-created_at', archives: true,
  columns: [
    { id: 'deal', min: 100, cell: () => null },
    { id: 'amount', min: 80, sort: 'amount', down: true, initial: true, cell: () => null },
    { id: 'source', min: 80, cell: () => null },
    { id: 'name', min: 80, sort: 'name', cell: () => null },
  ],
  filters: [
    { type: 'text', param: 'text' }, { type: 'owner', param: 'owner_id' }, { type: 'choice', param: 'status', words: ['open', 'won'], set: 'deal' },
    { type: 'amount', param: 'amount' }, { type: 'dates', param: 'closed' },
  ],
  title: () => '', card: () => ({ title: '' }),
}
const query = (address: string) => queryOf(kind, new URLSearchParams(address))

describe('a list in the address', () => {
  it('asks for what the address says', () => {
    expect(query(`?text=%20ABB%20&owner_id=${OWNER}&status=won&amount_from=1000.50&closed_to=2026-03-31&sort=-amount`))
      .toBe(`text=ABB&owner_id=${OWNER}&status=won&amount_from=1000.50&closed_to=2026-03-31&sort=-amount`)
  })
  it('never sends what no list knows', () => {
    expect(query('?why=1&limit=9&owner_id=me&status=bad&amount_from=1e9&closed_from=2026-13-41&sort=;drop&text=%20')).toBe('sort=-created_at')
    expect(query(`?text=${'x'.repeat(201)}`)).toBe('sort=-created_at')
  })
  it('shows what was put away only where the kind puts away', () => {
    expect(query('?archived=true')).toBe('archived=true&sort=-created_at')
    expect(queryOf({ ...kind, archives: false }, new URLSearchParams('?archived=true'))).toBe('sort=-created_at')
  })
  it('names the filters that hold, a range once', () => {
    const params = new URLSearchParams('?amount_from=1&amount_to=2&status=nothing')
    expect(activeFilters(kind.filters, params).map(({ param }) => param)).toEqual(['amount'])
    expect(Object.keys(cleared(kind.filters))).toEqual(['text', 'owner_id', 'status', 'amount_from', 'amount_to', 'closed_from', 'closed_to', 'archived'])
  })
})

describe('the order', () => {
  const [, amount, , name] = kind.columns
  it('goes down first for amounts, up for names, and back to its own', () => {
    expect(nextSort(amount!, '-created_at', '-created_at')).toBe('-amount')
    expect(nextSort(amount!, '-amount', '-created_at')).toBe('amount')
    expect(nextSort(amount!, 'amount', '-created_at')).toBeNull()
    expect(nextSort(name!, '-amount', '-created_at')).toBe('name')
  })
  it('has two steps where it is the own order of the list', () => {
    expect(nextSort(amount!, '-amount', '-amount')).toBe('amount')
    expect(nextSort(amount!, 'amount', '-amount')).toBeNull()
  })
  it('is read out on its header only', () => {
    expect(ariaSort(amount!, '-amount')).toBe('descending')
    expect(ariaSort(name!, '-amount')).toBeUndefined()
    expect(ariaSort({ ...amount!, inverse: true }, '-amount')).toBe('ascending')
  })
  it('may always be by creation', () => { expect(sortOf(kind, new URLSearchParams('?sort=created_at'))).toBe('created_at') })
})

describe('the columns', () => {
  const ids = (address: string | null, chosen: string[] | null) => columnsOf(kind, address, chosen).map(({ id }) => id)
  it('are those of the address, else the chosen, else the own', () => {
    expect(ids(null, null)).toEqual(['deal', 'amount'])
    expect(ids(null, ['source'])).toEqual(['deal', 'source'])
    expect(ids('name,amount,nonsense', ['source'])).toEqual(['deal', 'amount', 'name'])
    expect(ids('nonsense', ['source'])).toEqual(['deal', 'source'])
  })
})
