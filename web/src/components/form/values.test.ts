import { describe, expect, it } from 'vitest'
import { conflictOf, isDecided, resolve } from './conflict'
import type { Field, Values } from './fields'
import { daysLater, momentToWire, wireToMoment } from './moment'
import { changedFields, fromView, toBody } from './values'

const ZONE = 'Asia/Shanghai'
const FIELDS: Field[] = [
  { key: 'name', kind: 'text', label: 'l' }, { key: 'amount', kind: 'money', label: 'l' }, { key: 'note', kind: 'long', label: 'l' },
  { key: 'splits', kind: 'splits', label: 'l' }, { key: 'account/name', kind: 'text', label: 'l' }, { key: '@mode', kind: 'chips', label: 'l' },
]
const view = { name: 'A', amount: { amount: '1000.00', currency: 'CNY' }, note: null, splits: [{ person_id: 'p', role: 'owner', share: '0.6', from: null }] }
const base = fromView(FIELDS, view, ZONE)

describe('what is sent', () => {
  it('is only what was changed: another way to write an amount is no change', () => {
    expect(changedFields(FIELDS, base, { ...base, amount: '1,000' }, ZONE)).toEqual([])
    const changed = changedFields(FIELDS, base, { ...base, note: 'x', amount: '1200' }, ZONE)
    expect(toBody(changed, { ...base, note: ' x ', amount: '1200' }, ZONE, true)).toEqual({ amount: { amount: '1200' }, note: 'x' })
  })
  it('is null for what was emptied', () => {
    const values = { ...base, name: '', splits: [] }
    expect(toBody(changedFields(FIELDS, base, values, ZONE), values, ZONE, true)).toEqual({ name: null, splits: [] })
  })
  it('of a new record is what was filled in, nested where it is', () => {
    expect(toBody(FIELDS, { name: 'B', 'account/name': '\u{1F600}', '@mode': 'new' }, ZONE, false)).toEqual({ name: 'B', account: { name: '\u{1F600}' } })
  })
  it('says shares as fractions and keeps text as it is', () => {
    const values = { ...base, name: '\u0634\u0631\u0643\u0629 '.repeat(60).trim(), splits: [{ person_id: 'p', role: 'owner', share: '33.3333', from: '' }] }
    expect(toBody(changedFields(FIELDS, base, values, ZONE), values, ZONE, true)).toEqual({ name: values.name, splits: [{ person_id: 'p', role: 'owner', share: '0.333333' }] })
  })
})

describe('two people at one record', () => {
  const mine: Values = { ...base, name: 'Mine', note: 'mine' }
  it('see each other: what both changed is to be decided, what one changed stands', () => {
    const conflict = conflictOf(FIELDS, base, mine, { ...base, name: 'Theirs', amount: '5.00' }, '"2"', ZONE)
    expect(conflict.differences.map(({ field, clash }) => [field.key, clash])).toEqual([['name', true], ['amount', false]])
    expect(isDecided(conflict)).toBe(false)
    const decided = { ...conflict, choices: { ...conflict.choices, name: 'mine' as const } }
    expect(isDecided(decided)).toBe(true)
    expect(resolve(decided, mine)).toMatchObject({ name: 'Mine', note: 'mine', amount: '5.00' })
  })
  it('have nothing to decide where both wrote the same', () => {
    expect(conflictOf(FIELDS, base, mine, { ...base, name: 'Mine' }, '"2"', ZONE).differences).toEqual([])
  })
})

describe('moments', () => {
  it('stand on the company clock', () => {
    expect(momentToWire('2026-03-19T10:30', ZONE)).toBe('2026-03-19T10:30:00+08:00')
    expect(wireToMoment('2026-03-18T23:30:00.000Z', ZONE)).toBe('2026-03-19T07:30')
    expect(momentToWire('2026-07-01T09:00', 'America/New_York')).toBe('2026-07-01T09:00:00-04:00')
  })
  it('know the length of months', () => { expect(daysLater('2026-02-27', 2)).toBe('2026-03-01') })
})
