import { describe, expect, it } from 'vitest'
import { lineAmounts, ownersPercent, percentToShare, readNumber, shareToPercent, sumOf } from './money'

describe('amounts as people type them', () => {
  it('are read without signs and groups, in ten thousands too', () => {
    expect(readNumber('\u00a5 1,240.50')).toBe('1240.50')
    expect(readNumber('40\u4e07')).toBe('400000')
    expect(readNumber('1.25\u4ebf')).toBe('125000000')
    expect(readNumber('007')).toBe('007')
    expect(readNumber('.5')).toBe('0.5')
  })
  it('are refused where they are no number', () => {
    for (const text of ['', 'abc', '1.2.3', '12e3', '--1', '\u4e07']) expect(readNumber(text), text).toBeNull()
  })
  it('keep every digit', () => {
    expect(readNumber('92,233,720,368,547,758.07')).toBe('92233720368547758.07')
    expect(sumOf(['0.10', '0.20', '92233720368547757.77'], 2)).toBe('92233720368547758.07')
  })
})

describe('shares', () => {
  it('go to fractions of one and back', () => {
    expect(percentToShare('12.5 %')).toBe('0.125')
    expect(percentToShare('33.3333')).toBe('0.333333')
    expect(shareToPercent('0.13')).toBe('13')
    expect(shareToPercent('1')).toBe('100')
  })
  it('of owners are summed without those of other roles', () => {
    expect(ownersPercent([{ role: 'owner', share: '60' }, { role: 'owner', share: '40.5' }, { role: 'overlay', share: '30' }])).toBe('100.5')
    expect(ownersPercent([{ share: '33.3333' }, { share: '' }])).toBe('33.3333')
  })
})

describe('a line with VAT', () => {
  it('comes to what the books say', () => {
    expect(lineAmounts('1', '77700', '13', 2)).toEqual({ amount: '77700.00', withoutTax: '68761.06' })
    expect(lineAmounts('3', '0.335', '0', 2)).toEqual({ amount: '1.02', withoutTax: '1.02' })
    expect(lineAmounts('2.5', '1.01', '6', 2)).toEqual({ amount: '2.53', withoutTax: '2.39' })
  })
  it('knows currencies without cents', () => {
    expect(lineAmounts('3', '1000', '10', 0)).toEqual({ amount: '3000', withoutTax: '2727' })
  })
  it('is nothing yet without a price', () => {
    expect(lineAmounts('1', '', '13', 2)).toBeNull()
    expect(lineAmounts('x', '5', '13', 2)).toBeNull()
  })
})
