import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { isNegative, parseDecimal, roundDecimal, shiftDecimal, trimZeros } from './decimal'

export type Locale = 'zh-CN' | 'en'

const THIN = '\u2009'
const MINUS = '\u2212'
const DASH = '\u2014'

/** Money in the pieces a screen sets differently: sign, symbol, grouped whole part, the lighter cents. */
export interface MoneyParts { sign: string; symbol: string; whole: string; cents: string }

const group = (whole: string) => whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** Groups the amounts inside a sentence; years and numbers of records stay as they are. */
export const groupNumbers = (text: string) => text.replace(/(?<![\d.,-])\d{4,}(?:\.\d+)(?![\d-])/g, (amount) => formatNumber(amount))

/** Those of the currencies that most companies have: to ask the browser the first time takes as long as a page's layout. */
const symbols = new Map([['zh-CN CNY', '¥'], ['en CNY', '¥'], ['zh-CN USD', '$'], ['en USD', '$'], ['zh-CN EUR', '€'], ['en EUR', '€']])
export function currencySymbol(currency: string, locale: Locale): string {
  const key = `${locale} ${currency}`
  let symbol = symbols.get(key)
  if (symbol === undefined) {
    try {
      symbol = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
        .formatToParts(0).find((part) => part.type === 'currency')?.value ?? currency
    } catch {
      symbol = currency
    }
    symbols.set(key, symbol)
  }
  return symbol
}

export function moneyParts(amount: string, currency: string | null | undefined, locale: Locale): MoneyParts {
  const parts = parseDecimal(amount)
  if (!parts) return { sign: '', symbol: '', whole: amount, cents: '' }
  return {
    sign: isNegative(amount) ? MINUS : '',
    symbol: currency ? currencySymbol(currency, locale) : '',
    whole: group(parts.whole),
    cents: parts.fraction ? `.${parts.fraction}` : '',
  }
}

/** A decimal string with grouping and a real minus. `digits` rounds; without it the digits stay as they came. */
export function formatNumber(value: string, digits?: number): string {
  const text = digits === undefined ? value : roundDecimal(value, digits)
  const { sign, whole, cents } = moneyParts(text, null, 'en')
  return sign + whole + cents
}

/** `1240.00` to `1,240.00`; `withSymbol` puts the currency before it. */
export function formatMoney(amount: string, currency: string | null | undefined, locale: Locale, withSymbol = true): string {
  const { sign, symbol, whole, cents } = moneyParts(amount, withSymbol ? currency : null, locale)
  return sign + symbol + whole + cents
}

/** Whole money without cents where they are zero: bases in tables, axis values. */
export function formatRoundMoney(amount: string, currency: string | null | undefined, locale: Locale, withSymbol = false): string {
  return formatMoney(/\.0+$/.test(amount) ? amount.replace(/\.0+$/, '') : amount, currency, locale, withSymbol)
}

const UNITS: Record<Locale, [minDigits: number, shift: number, suffix: string][]> = {
  'zh-CN': [[9, 8, ' \u4ebf'], [5, 4, ' \u4e07']],
  en: [[10, 9, 'B'], [7, 6, 'M'], [4, 3, 'k']],
}

/** Short money for axes: ten thousands in Chinese, k/M in English. */
export function formatShort(amount: string, locale: Locale): string {
  const whole = parseDecimal(amount)?.whole ?? ''
  for (const [minDigits, shift, suffix] of UNITS[locale]) {
    if (whole.length >= minDigits) return formatNumber(trimZeros(roundDecimal(shiftDecimal(amount, -shift), 1))) + suffix
  }
  return formatNumber(trimZeros(roundDecimal(amount, 2)))
}

/** A ratio as percent with one digit: `0.636` to `63.6 %`. */
export function formatPercent(ratio: string, digits = 1): string {
  return `${formatNumber(roundDecimal(shiftDecimal(ratio, 2), digits))}${THIN}%`
}

/** A rate as people write it: `0.04` to `4 %`, `0.0125` to `1.25 %`. */
export function formatRate(rate: string): string {
  return `${formatNumber(trimZeros(shiftDecimal(rate, 2)))}${THIN}%`
}

/** The distance of two ratios in percentage points, without its sign: `-0.084` to `8.4`. */
export function formatPoints(points: string): string {
  return formatNumber(roundDecimal(shiftDecimal(points.replace(/^[+-]/, ''), 2), 1))
}

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})/

/** `2026-03-11` to `03-11`, for tables whose year is in the heading. */
export const formatDay = (date: string | null | undefined) => (date ? ISO_DATE.exec(date)?.slice(2, 4).join('-') ?? date : DASH)
export const formatDate = (date: string | null | undefined) => (date ? ISO_DATE.exec(date)?.[0] ?? date : DASH)

/** A moment in the company's time zone: `03-19 10:42`. */
export function formatMoment(time: string, timezone: string): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return time
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(date)
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? ''
  return `${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`
}

/** Definitions that hold from the beginning of time carry this day. */
export const isSinceEver = (date: string) => date <= '1970-01-01'

export interface Formatter {
  locale: Locale
  money: (amount: string, currency?: string | null, withSymbol?: boolean) => string
  round: (amount: string, currency?: string | null, withSymbol?: boolean) => string
  /** Without cents, for what is an estimate anyway. */
  whole: (amount: string, currency?: string | null, withSymbol?: boolean) => string
  short: (amount: string) => string
  period: (period: string) => string
  /** A value by its unit, display-ready. */
  value: (value: string | null | undefined, unit: string | null | undefined, currency?: string | null, withSymbol?: boolean) => string
  list: (items: string[]) => string
}

export const asLocale = (language: string): Locale => (language === 'en' ? 'en' : 'zh-CN')

/** The formatter of the current language. */
export function useFormat(): Formatter {
  const { i18n, t } = useTranslation()
  const locale = asLocale(i18n.language)
  return useMemo(() => {
    const period = (text: string): string => {
      const match = /^(\d{4})(?:-(?:(\d{2})|Q(\d)|H(\d)|W(\d{2})))?$/.exec(text)
      if (!match) return text
      const [, year, month, quarter, half, week] = match
      if (month) return t('period.month', { year, month: Number(month), name: monthName(Number(month), locale) })
      if (quarter) return t('period.quarter', { year, quarter })
      if (half) return t('period.half', { year, half })
      if (week) return t('period.week', { year, week: Number(week) })
      return t('period.year', { year })
    }
    const value: Formatter['value'] = (raw, unit, currency, withSymbol = true) => {
      if (raw == null) return DASH
      switch (unit) {
        case 'money': return formatMoney(raw, currency, locale, withSymbol)
        case 'percent': return formatPercent(raw)
        case 'rate': return formatRate(raw)
        case 'days': return t('unit.days', { value: formatNumber(trimZeros(roundDecimal(raw, 1))) })
        case 'count': return formatNumber(trimZeros(raw))
        case 'score': return formatNumber(trimZeros(roundDecimal(raw, 2)))
        case 'date': return formatDate(raw)
        default: return raw
      }
    }
    return {
      locale, period, value,
      money: (amount, currency, withSymbol = true) => formatMoney(amount, currency, locale, withSymbol),
      round: (amount, currency, withSymbol = false) => formatRoundMoney(amount, currency, locale, withSymbol),
      whole: (amount, currency, withSymbol = true) => formatMoney(roundDecimal(amount, 0), currency, locale, withSymbol),
      short: (amount) => formatShort(amount, locale),
      list: (items) => items.join(locale === 'en' ? ', ' : '\u3001'),
    }
  }, [locale, t])
}

export function monthName(month: number, locale: Locale): string {
  if (locale === 'zh-CN') return `${month} \u6708`
  return new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2026, month - 1, 1)))
}
