import { describe, expect, it } from 'vitest'
import { readTests, writeTests, type Condition } from './conditions'

describe('conditions', () => {
  const known: Condition[] = [
    { customer_kind: 'new' }, { product_line: ['GTX', 'MG'] }, { amount: '>= 10000' }, { all: [{ customer_kind: 'new' }, { amount: '< 5' }] },
  ]
  it('come back as they were', () => {
    for (const condition of known) expect(writeTests(readTests(condition) ?? [])).toEqual(condition)
    expect(writeTests(readTests(undefined) ?? [])).toBeUndefined()
  })
  it('that the form cannot say are left alone', () => {
    expect(readTests({ any: [{ tier: 'A' }] })).toBeNull()
    expect(readTests({ all: [{ not: { source: 'gift' } }] })).toBeNull()
  })
  it('leave out what is unfinished', () => {
    expect(writeTests([{ field: '', sign: 'is', values: ['x'] }, { field: 'tier', sign: 'is', values: [] }])).toBeUndefined()
  })
})
