import { parseDecimal, roundDecimal, shiftDecimal, trimZeros } from '@/components/format/decimal'

/** Decimal text as it is kept: `¥ 1,240.5` to `1240.5`, `40\u4e07` to `400000`; null for what is no number. */
export function readNumber(typed: string): string | null {
  const text = typed.replace(/[\s,\uff0c\u00a5\uffe5$\u20ac\u5143]/g, '').replace(/\u3002/g, '.').replace(/^\u2212/, '-')
  const match = /^(-?\d*\.?\d*)([\u4e07\u4ebf]?)$/.exec(text)
  if (!match?.[1] || !/\d/.test(match[1])) return null
  const plain = match[1].replace(/^(-?)\./, '$10.').replace(/\.$/, '')
  const shift = { '\u4e07': 4, '\u4ebf': 8 }[match[2] ?? ''] ?? 0
  return shift ? trimZeros(shiftDecimal(plain, shift)) : plain
}

/** `13` as it is typed to the fraction `0.13`; null for what is no number. */
export function percentToShare(typed: string): string | null {
  const number = readNumber(typed.replace(/[%\uff05]/g, ''))
  return number === null ? null : trimZeros(shiftDecimal(number, -2))
}

/** The fraction `0.13` to `13`. */
export const shareToPercent = (share: string | null | undefined): string => (share ? trimZeros(shiftDecimal(share, 2)) : '')

/** A decimal as a whole number of its `scale`-th parts: `12.5` at 2 is 1250. */
function units(text: string, scale: number): bigint | null {
  const parts = parseDecimal(roundDecimal(text, scale))
  return parts ? BigInt(parts.whole + parts.fraction) * (parts.negative ? -1n : 1n) : null
}

/** Half up, away from zero: the one rounding of the books. */
function divide(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n
  const size = negative ? -dividend : dividend
  const rounded = (size * 2n + divisor) / (divisor * 2n)
  return negative ? -rounded : rounded
}

function asDecimal(minor: bigint, digits: number): string {
  return digits === 0 ? minor.toString() : shiftDecimal(minor.toString(), -digits)
}

const MICRO = 6

export interface LineAmounts { amount: string; withoutTax: string }

/** What a line comes to, with and without VAT, rounded as the books round it; null while it cannot be worked out. */
export function lineAmounts(quantity: string, price: string, ratePercent: string, digits: number): LineAmounts | null {
  const many = units(readNumber(quantity || '1') ?? '', MICRO)
  const each = units(readNumber(price) ?? '', digits)
  const rate = units(percentToShare(ratePercent || '0') ?? '', MICRO)
  if (many === null || each === null || rate === null || rate < 0n) return null
  const amount = divide(many * each, 10n ** BigInt(MICRO))
  const withoutTax = divide(amount * 10n ** BigInt(MICRO), 10n ** BigInt(MICRO) + rate)
  return { amount: asDecimal(amount, digits), withoutTax: asDecimal(withoutTax, digits) }
}

/** The exact sum of amounts as typed; what is no number counts as nothing. */
export function sumOf(amounts: readonly string[], digits: number): string {
  return asDecimal(amounts.reduce((sum, text) => sum + (units(readNumber(text) ?? '0', digits) ?? 0n), 0n), digits)
}

/** The owners' shares together in percent; other roles come on top of them. */
export function ownersPercent(splits: readonly { role?: string; share?: string }[]): string {
  const owners = splits.filter(({ role }) => !role || role === 'owner')
  const total = owners.reduce((sum, { share }) => sum + (units(readNumber((share ?? '').replace(/[%\uff05]/g, '')) ?? '0', MICRO) ?? 0n), 0n)
  return trimZeros(asDecimal(total, MICRO))
}

/** Above zero and below: -1, 0, 1, exactly. */
export function compareDecimal(a: string, b: string): number {
  const left = units(a, MICRO) ?? 0n
  const right = units(b, MICRO) ?? 0n
  return left === right ? 0 : left < right ? -1 : 1
}

/** The decimals of a currency. */
export function currencyDigits(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return 2
  }
}
