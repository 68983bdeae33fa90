import { describe, expect, it } from 'vitest'
import { nearest, spread, ticksTo } from './curveScale'

describe('the picture of a curve', () => {
  it('has round steps that reach over the top', () => {
    expect(ticksTo(52_000)).toEqual([0, 20_000, 40_000, 60_000])
    expect(ticksTo(0.026)).toEqual([0, 0.01, 0.02, 0.03])
    expect(ticksTo(100)).toEqual([0, 25, 50, 75, 100])
    expect(ticksTo(0)).toEqual([0])
    for (const top of [1, 7, 13, 99, 12_345, 999_999]) {
      const ticks = ticksTo(top)
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(top * 0.999)
      expect(ticks.length).toBeLessThanOrEqual(6)
    }
  })
  it('keeps labels apart and inside', () => {
    expect(spread([10, 12, 50], 14, 100)).toEqual([10, 24, 50])
    expect(spread([95, 97], 14, 100)).toEqual([86, 100])
  })
  it('finds the later of two points at a jump', () => {
    const points = [{ x: '0', y: '0' }, { x: '1', y: '0' }, { x: '1', y: '2000' }, { x: '2', y: '4000' }]
    expect(nearest(points, 0.9)?.y).toBe('2000')
    expect(nearest(points, 5)?.y).toBe('4000')
  })
})
