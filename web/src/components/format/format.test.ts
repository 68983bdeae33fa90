import { describe, expect, it } from 'vitest'
import { addDecimal, isZero, roundDecimal, shiftDecimal, subtractDecimal } from './decimal'
import { currencySymbol, formatDay, formatMoment, formatMoney, formatPercent, formatRate, formatRoundMoney, formatShort, groupNumbers, moneyParts } from './format'

describe('decimal strings', () => {
  it('round half up, away from zero', () => {
    expect(roundDecimal('0.125', 2)).toBe('0.13')
    expect(roundDecimal('-0.125', 2)).toBe('-0.13')
    expect(roundDecimal('9.995', 2)).toBe('10.00')
    expect(roundDecimal('-0.001', 2)).toBe('0.00')
  })
  it('shift without loss', () => {
    expect(shiftDecimal('0.636', 2)).toBe('63.6')
    expect(shiftDecimal('376000', -4)).toBe('37.6000')
    expect(shiftDecimal('5', 2)).toBe('500')
  })
  it('add and subtract beyond the precision of floating point', () => {
    expect(subtractDecimal('90071992547409931.25', '0.10')).toBe('90071992547409931.15')
    expect(addDecimal('0.10', '0.20')).toBe('0.30')
    expect(addDecimal('1.00', '-2.50')).toBe('-1.50')
  })
  it('know zero', () => {
    expect(isZero('0.00')).toBe(true)
    expect(isZero('-0')).toBe(true)
    expect(isZero('0.01')).toBe(false)
  })
})

describe('money', () => {
  it('groups the whole part and keeps the digits it got', () => {
    expect(formatMoney('1234567.80', 'CNY', 'zh-CN')).toBe('¥1,234,567.80')
    expect(formatMoney('-1240.00', 'CNY', 'zh-CN')).toBe('\u2212¥1,240.00')
    expect(formatMoney('1240', 'JPY', 'en')).toBe('¥1,240')
    expect(formatMoney('90071992547409931.25', 'USD', 'en')).toBe('$90,071,992,547,409,931.25')
  })
  it('separates the cents', () => {
    expect(moneyParts('27480.00', 'CNY', 'zh-CN')).toEqual({ sign: '', symbol: '¥', whole: '27,480', cents: '.00' })
  })
  it('drops only zero cents in bases', () => {
    expect(formatRoundMoney('86000.00', 'CNY', 'zh-CN')).toBe('86,000')
    expect(formatRoundMoney('86000.50', 'CNY', 'zh-CN')).toBe('86,000.50')
  })
  it('shortens by language', () => {
    expect(formatShort('376000.00', 'zh-CN')).toBe('37.6 万')
    expect(formatShort('250000000', 'zh-CN')).toBe('2.5 亿')
    expect(formatShort('9999', 'zh-CN')).toBe('9,999')
    expect(formatShort('376000.00', 'en')).toBe('376k')
    expect(formatShort('2500000', 'en')).toBe('2.5M')
  })
  it('names an unknown currency by its code', () => {
    expect(currencySymbol('QQQQ', 'en')).toBe('QQQQ')
  })
})

describe('numbers in a sentence', () => {
  it('are grouped when they are amounts', () => {
    expect(groupNumbers('142000.00 \u2192 310000.50')).toBe('142,000.00 \u2192 310,000.50')
    expect(groupNumbers('2026-11-02, 2017, 12345')).toBe('2026-11-02, 2017, 12345')
  })
})

describe('percent and dates', () => {
  it('have a thin space', () => {
    expect(formatPercent('0.6364')).toBe('63.6\u2009%')
    expect(formatRate('0.04')).toBe('4\u2009%')
    expect(formatRate('0.0125')).toBe('1.25\u2009%')
  })
  it('are short in tables', () => {
    expect(formatDay('2026-03-11')).toBe('03-11')
    expect(formatMoment('2026-03-19T02:42:00Z', 'Asia/Shanghai')).toBe('03-19 10:42')
  })
})
