import { parseDecimal } from '@/components/format/decimal'
import { isRows, type Field, type Row, type Value, type Values } from './fields'
import { percentToShare, readNumber, shareToPercent } from './money'
import { momentToWire, wireToMoment } from './moment'

type Wire = unknown
type Tree = Record<string, unknown>

const amountText = (money: unknown): string => (money && typeof money === 'object' && 'amount' in money ? String(money.amount) : '')
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const tree = (value: unknown): Tree => (value && typeof value === 'object' ? (value as Tree) : {})

/** A record as it came, into what the controls hold. */
export function fromView(fields: readonly Field[], view: object, timezone: string): Values {
  return Object.fromEntries(fields.filter(({ key }) => !key.startsWith('@')).map((field) => [field.key, valueOf(field, (view as Tree)[field.key], timezone)]))
}

function valueOf(field: Field, raw: unknown, timezone: string): Value {
  if (isRows(field.kind)) return (Array.isArray(raw) ? raw : []).map((row) => rowOf(field, tree(row)))
  if (field.kind === 'money') return amountText(raw)
  if (field.kind === 'percent') return shareToPercent(text(raw))
  if (field.kind === 'moment') return wireToMoment(text(raw), timezone)
  return text(raw)
}

function rowOf(field: Field, row: Tree): Row {
  if (field.kind === 'splits') return { person_id: text(row.person_id), role: text(row.role) || 'owner', share: shareToPercent(text(row.share)), from: text(row.from) }
  if (field.kind === 'schedule') return { name: text(row.name), due_on: text(row.due_on), amount: amountText(row.amount) }
  return {
    product_id: text(row.product_id), description: text(row.description), quantity: text(row.quantity), price: amountText(row.price),
    tax_rate: shareToPercent(text(row.tax_rate)), list_price: amountText(row.list_price), cost: amountText(row.cost),
  }
}

const orNull = (typed: string | undefined): string | null => (typed?.trim() ? typed.trim() : null)
const money = (typed: string | undefined) => (typed?.trim() ? { amount: readNumber(typed) ?? typed.trim() } : null)
const share = (typed: string | undefined) => (typed?.trim() ? percentToShare(typed) ?? typed.trim() : null)
const present = (row: Tree) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

/** What a control holds, as it is sent; null where it is empty. */
export function toWire(field: Field, value: Value | undefined, timezone: string): Wire {
  if (isRows(field.kind)) return (Array.isArray(value) ? (value as readonly Row[]) : []).map((row) => rowToWire(field, row))
  const typed = typeof value === 'string' ? value : ''
  if (!typed.trim()) return null
  switch (field.kind) {
    case 'money': return money(typed)
    case 'decimal': return readNumber(typed) ?? typed.trim()
    case 'percent': return share(typed)
    case 'moment': return momentToWire(typed, timezone)
    case 'integer': return /^\d{1,9}$/.test(typed.trim()) ? Number(typed.trim()) : typed.trim()
    default: return typed.trim()
  }
}

function rowToWire(field: Field, row: Row): Tree {
  if (field.kind === 'splits') return present({ person_id: row.person_id ?? '', role: orNull(row.role), share: share(row.share) ?? '', from: orNull(row.from) })
  if (field.kind === 'schedule') return present({ name: orNull(row.name), due_on: row.due_on ?? '', amount: money(row.amount) ?? { amount: '' } })
  return present({
    product_id: orNull(row.product_id), description: orNull(row.description), quantity: orNull(readNumber(row.quantity ?? '') ?? row.quantity), price: money(row.price) ?? { amount: '' },
    tax_rate: share(row.tax_rate), list_price: money(row.list_price), cost: money(row.cost),
  })
}

/** The same for what is compared: `1,000.0` and `1000` are one amount. */
function canonical(field: Field, value: Value | undefined, timezone: string): string {
  return JSON.stringify(toWire(field, value, timezone), (_, part: unknown) => {
    if (typeof part !== 'string') return part
    const number = /^[+-]?\d+\.\d+$/.test(part) ? parseDecimal(part) : null
    return number ? part.replace(/\.?0+$/, '') : part
  })
}

export const isSame = (field: Field, a: Value | undefined, b: Value | undefined, timezone: string) => canonical(field, a, timezone) === canonical(field, b, timezone)

/** The fields whose value differs. */
export function changedFields(fields: readonly Field[], base: Values, values: Values, timezone: string): Field[] {
  return fields.filter((field) => !isSame(field, base[field.key], values[field.key], timezone))
}

/** The body of a request from some fields; `account/name` becomes a nested object. */
export function toBody(fields: readonly Field[], values: Values, timezone: string, emptied: boolean): Tree {
  const body: Tree = {}
  for (const field of fields) {
    if (field.key.startsWith('@')) continue
    const wire = toWire(field, values[field.key], timezone)
    if (!emptied && (wire === null || (Array.isArray(wire) && wire.length === 0))) continue
    const path = field.key.split('/')
    const last = path.pop() ?? field.key
    const at = path.reduce((node, part) => (node[part] ??= {}) as Tree, body)
    at[last] = wire
  }
  return body
}
