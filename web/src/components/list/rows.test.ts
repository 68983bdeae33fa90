import { describe, expect, it } from 'vitest'
import type { Row } from './model'
import { flatten, isStale, pagesInView, type Asked } from './rows'

const pages: Asked<Row>[] = [
  { items: [{ id: 'a' }, { id: 'b' }], names: { p: 'Li' }, next_cursor: '1', at: 10 },
  { items: [{ id: 'b' }, { id: 'c' }], names: { q: 'Wang' }, next_cursor: null, at: 20 },
]

describe('the pages of a list', () => {
  const loaded = flatten(pages)
  it('hold each row once, though it has moved to the page behind', () => {
    expect(loaded.rows.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    expect(loaded.pages).toEqual([0, 0, 1])
    expect([...loaded.names]).toEqual([['p', 'Li'], ['q', 'Wang']])
  })
  it('are in view from the first to the last row, also beyond the end', () => {
    expect(pagesInView(loaded.pages, 0, 1)).toEqual([0, 0])
    expect(pagesInView(loaded.pages, 1, 40)).toEqual([0, 1])
    expect(pagesInView([], 0, 10)).toEqual([0, 0])
  })
  it('are old only where they are in view', () => {
    expect(isStale(pages, [0, 0], 15)).toBe(true)
    expect(isStale(pages, [1, 1], 15)).toBe(false)
  })
})
