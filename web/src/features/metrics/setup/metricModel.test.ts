import { describe, expect, it } from 'vitest'
import { readMetric, writeMetric } from './metricModel'

const source = (formula: unknown, direction: unknown = 'higher') => ({
  code: 'x', from: '2026-01-01', name: { zh: '\u7532', en: 'A' }, description: { zh: '\u4e59', en: 'B' }, category: 'result', direction, combination: 'sum', unit: 'money', formula,
})

describe('the form of a metric', () => {
  it('gives back what it read', () => {
    for (const formula of [
      { sum: { of: 'amount', kinds: ['opportunity_won'], where: { amount: '>= 3000' } } },
      { count: { kinds: ['activity_logged'], where: {} } },
      { distinct: { of: 'account', kinds: ['contract_signed'], where: { customer_kind: 'new' } } },
      { average: { of: { attribute: 'cycle_days' }, kinds: ['opportunity_won'], where: {} } },
      { sum: { of: 'amount', kinds: ['opportunity_won'], where: { any: [{ tier: 'A' }, { tier: 'B' }] } } },
      { ratio: { numerator: { count: { kinds: ['opportunity_won'], where: {} } }, denominator: { count: { kinds: ['opportunity_won', 'opportunity_lost'], where: {} } } } },
    ]) {
      const text = JSON.stringify(source(formula))
      const form = readMetric(text)
      expect(form && JSON.parse(writeMetric(form))).toEqual(JSON.parse(text))
    }
    const range = JSON.stringify(source({ count: { kinds: ['a'], where: {} } }, { range: { low: '1', high: '5' } }))
    const form = readMetric(range)
    expect(form && JSON.parse(writeMetric(form))).toEqual(JSON.parse(range))
  })
})
