import { describe, expect, it } from 'vitest'
import { beyond, changed, isSame, place, readBlock, sum, withCells, type Cell, type Matrix } from './targets'

const none: Cell = { version: null, base: null, challenge: null, stretch: null }
const cell = (base: string, version = 1): Cell => ({ ...none, version, base })
const table = {
  metric: 'won_amount', name: 'x', unit: 'money', currency: 'CNY', editable: true, periods: ['2026-01', '2026-02'],
  rows: [
    { subject: 'team:1', type: 'team', id: '1', name: 'T', is_whole: true, cells: [cell('300.00'), none] },
    { subject: 'person:2', type: 'person', id: '2', name: 'P', is_whole: false, cells: [cell('100.00', 4), none] },
  ],
} as Matrix

describe('a block from a spreadsheet', () => {
  it('is read by lines and tabs', () => {
    expect(readBlock('1\t2\r\n3\t4\r\n')).toEqual([['1', '2'], ['3', '4']])
  })
  it('is laid into the table; the rest is counted', () => {
    const { changes, unread, outside } = place(table, { row: 1, column: 0 }, [['120,000', 'many', '7'], ['1', '2', '3']], 'base')
    expect(changes.map(({ subject, period, before, after }) => [subject, period, before.version, after.base])).toEqual([['person:2', '2026-01', 4, '120000']])
    expect([unread, outside]).toEqual([1, 4])
  })
  it('of 5,000 rows keeps to the table', () => {
    const block = Array.from({ length: 5000 }, () => ['1'])
    expect(place(table, { row: 0, column: 1 }, block, 'base')).toMatchObject({ outside: 4998, changes: { length: 2 } })
  })
  it('leaves out what says the same', () => {
    expect(place(table, { row: 1, column: 0 }, [['100']], 'base').changes).toEqual([])
  })
})

describe('a cell', () => {
  it('is taken away with its base, and keeps its base when a level is cleared', () => {
    const whole = { version: 1, base: '5', challenge: '6', stretch: '7' }
    expect(changed(whole, 'base', '')).toEqual({ base: null, challenge: null, stretch: null })
    expect(changed(whole, 'stretch', ' ')).toEqual({ base: '5', challenge: '6', stretch: null })
    expect(changed(whole, 'base', '-1')).toBeNull()
    expect(changed(whole, 'base', '4\u4e07')?.base).toBe('40000')
  })
  it('is the same whatever its zeros', () => {
    expect(isSame(cell('100.00'), { base: '100', challenge: null, stretch: null })).toBe(true)
    expect(isSame(cell('100.00'), { base: '100.01', challenge: null, stretch: null })).toBe(false)
  })
})

describe('sums', () => {
  it('are exact and say nothing where nothing is', () => {
    expect(sum(['0.10', null, '0.20'])).toBe('0.30')
    expect(sum([null, undefined])).toBeNull()
    expect(beyond('300.00', '100.00')).toBe('200.00')
    expect(beyond(null, '1')).toBeNull()
  })
  it('follow a change at once', () => {
    const next = withCells(table, [{ row: 1, column: 1, cell: cell('50.00') }])
    expect(sum(next.rows[1]?.cells.map(({ base }) => base) ?? [])).toBe('150.00')
    expect(table.rows[1]?.cells[1]).toBe(none)
  })
})
