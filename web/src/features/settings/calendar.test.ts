import { describe, expect, it } from 'vitest'
import { daysOf, isWorking, monthsOf, moved, restDays } from './calendar'

describe('the working days of a year', () => {
  const rest = restDays('sat,sun')
  it('knows the days of rest by their names', () => {
    expect([...rest]).toEqual([6, 7])
  })
  it('counts weekdays, leaves holidays out and takes worked weekends in', () => {
    const days = daysOf(2026, [{ date: '2026-10-01', kind: 'holiday', name: 'National Day' }, { date: '2026-10-10', kind: 'working' }], rest)
    expect(days).toHaveLength(365)
    const october = monthsOf(days)[9] ?? []
    expect(october.filter(isWorking)).toHaveLength(22)
    expect(october[0]).toMatchObject({ weekday: 4, kind: 'holiday', name: 'National Day' })
    expect(october[9]).toMatchObject({ weekday: 6, kind: 'working' })
    expect(october[10]).toMatchObject({ kind: 'rest' })
  })
  it('has a leap day', () => {
    expect(monthsOf(daysOf(2028, [], rest))[1]).toHaveLength(29)
  })
  it('goes from day to day with the arrow keys', () => {
    expect(moved('2026-02-28', 'ArrowRight')).toBe('2026-03-01')
    expect(moved('2026-03-01', 'ArrowUp')).toBe('2026-02-22')
    expect(moved('2026-03-01', 'Tab')).toBeNull()
  })
})
