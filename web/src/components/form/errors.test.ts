import { describe, expect, it } from 'vitest'
import { check, placeErrors, placeOf } from './errors'
import type { Field } from './fields'

const FIELDS: Field[] = [
  { key: 'name', kind: 'text', label: 'l', required: true }, { key: 'amount', kind: 'money', label: 'l' },
  { key: 'lines', kind: 'lines', label: 'l' }, { key: 'splits', kind: 'splits', label: 'l' }, { key: 'account/name', kind: 'text', label: 'l' },
]

describe('the place of a problem', () => {
  it('is found through nested pointers', () => {
    expect(placeOf('/amount/amount', FIELDS)).toBe('amount')
    expect(placeOf('/lines/2/price/amount', FIELDS)).toBe('lines/2/price')
    expect(placeOf('/splits/0/share', FIELDS)).toBe('splits/0/share')
    expect(placeOf('/lines/1/list_price', FIELDS)).toBe('lines/1')
    expect(placeOf('/splits', FIELDS)).toBe('splits')
    expect(placeOf('/account/name', FIELDS)).toBe('account/name')
  })
  it('of no field is the summary', () => {
    expect(placeErrors([{ pointer: '/name', detail: 'a' }, { pointer: '/owner_id', detail: 'b' }, { pointer: '', detail: 'c' }], FIELDS)).toEqual({ at: { name: 'a' }, rest: ['b', 'c'] })
  })
})

describe('what the browser checks', () => {
  it('names each wrong place', () => {
    const found = check(FIELDS, { name: ' ', amount: 'x', lines: [{ price: '' }], splits: [{ person_id: 'p', role: 'owner', share: '60' }, { person_id: '', role: 'owner', share: '41' }] })
    expect(found).toEqual({
      name: 'form.problem.required', amount: 'form.problem.number', 'lines/0/price': 'form.problem.required',
      'splits/1/person_id': 'form.problem.required', splits: 'form.problem.over_100',
    })
  })
  it('lets divisions of different days stand', () => {
    expect(check(FIELDS, { name: 'a', splits: [{ person_id: 'p', role: 'owner', share: '100', from: '' }, { person_id: 'q', role: 'owner', share: '100', from: '2026-06-01' }] })).toEqual({})
  })
})
