import { describe, expect, it } from 'vitest'
import { sorted } from './sorted'

describe('rows of the catalog', () => {
  const rows = [{ code: 'P10', price: 5n }, { code: 'P2', price: null }, { code: 'P1', price: 70n }]
  const codes = (list: typeof rows) => list.map(({ code }) => code)
  it('are sorted as people count', () => {
    expect(codes(sorted(rows, (row) => row.code, false))).toEqual(['P1', 'P2', 'P10'])
    expect(codes(sorted(rows, (row) => row.code, true))).toEqual(['P10', 'P2', 'P1'])
  })
  it('without a value stand last, up and down', () => {
    expect(codes(sorted(rows, (row) => row.price, false))).toEqual(['P10', 'P1', 'P2'])
    expect(codes(sorted(rows, (row) => row.price, true))).toEqual(['P1', 'P10', 'P2'])
  })
})
