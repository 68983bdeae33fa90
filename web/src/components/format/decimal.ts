/**
 * Decimal strings, exactly. The server sends money and ratios as strings; nothing here turns them into floating
 * point, except `ratioOf`, which is for the widths of bars only.
 */

interface Parts { negative: boolean; whole: string; fraction: string }

const PATTERN = /^([+-]?)(\d+)(?:\.(\d+))?$/

export function parseDecimal(text: string): Parts | null {
  const match = PATTERN.exec(text.trim())
  if (!match) return null
  const whole = (match[2] ?? '0').replace(/^0+(?=\d)/, '')
  return { negative: match[1] === '-', whole, fraction: match[3] ?? '' }
}

function build(negative: boolean, digits: bigint, scale: number): string {
  const text = digits.toString().padStart(scale + 1, '0')
  const whole = scale > 0 ? text.slice(0, -scale) : text
  const fraction = scale > 0 ? `.${text.slice(-scale)}` : ''
  return `${negative && digits !== 0n ? '-' : ''}${whole}${fraction}`
}

/** Rounds half up (away from zero), always with `digits` places. */
export function roundDecimal(text: string, digits: number): string {
  const parts = parseDecimal(text)
  if (!parts) return text
  const kept = parts.fraction.padEnd(digits + 1, '0')
  let value = BigInt(parts.whole + kept.slice(0, digits))
  if ((kept[digits] ?? '0') >= '5') value += 1n
  return build(parts.negative, value, digits)
}

/** Moves the decimal point: `shift('0.636', 2)` is `63.6`, `shift('376000', -4)` is `37.6000`. */
export function shiftDecimal(text: string, places: number): string {
  const parts = parseDecimal(text)
  if (!parts) return text
  const scale = Math.max(parts.fraction.length - places, 0)
  const extra = Math.max(places - parts.fraction.length, 0)
  return build(parts.negative, BigInt(parts.whole + parts.fraction + '0'.repeat(extra)), scale)
}

/** `1.50` to `1.5`, `3.00` to `3`. */
export function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** a - b, exact. */
export function subtractDecimal(a: string, b: string): string {
  const left = parseDecimal(a)
  const right = parseDecimal(b)
  if (!left || !right) return a
  const scale = Math.max(left.fraction.length, right.fraction.length)
  const units = (p: Parts) => BigInt(p.whole + p.fraction.padEnd(scale, '0')) * (p.negative ? -1n : 1n)
  const value = units(left) - units(right)
  return build(value < 0n, value < 0n ? -value : value, scale)
}

export function addDecimal(a: string, b: string): string {
  return subtractDecimal(a, b.startsWith('-') ? b.slice(1) : `-${b.replace(/^\+/, '')}`)
}

export function isZero(text: string | null | undefined): boolean {
  return text == null || /^[+-]?0*(?:\.0*)?$/.test(text)
}

/** Nothing but zeros after the point: a column of such figures needs no cents. */
export const isWhole = (text: string | null | undefined) => text == null || !/\.\d*[1-9]/.test(text)

export const isNegative = (text: string) => text.startsWith('-') && !isZero(text)

/** For widths of bars only: how much of the whole a part is, from 0 to 1. */
export function ratioOf(part: string, whole: string | number): number {
  const divisor = Number(whole)
  const ratio = divisor > 0 ? Number(part) / divisor : 0
  return Number.isFinite(ratio) ? Math.min(Math.max(ratio, 0), 1) : 0
}
