import { percentToShare, readNumber, ownersPercent, compareDecimal } from './money'
import { isEmpty, isRows, rowsOf, shownFields, textOf, type Field, type Values } from './fields'

/** Where a problem stands: `name`, `lines/0/price`, `account/name`; '' is the form as a whole. */
export type Problems = Readonly<Record<string, string>>

const SUBS: Record<string, readonly string[]> = {
  splits: ['person_id', 'role', 'share', 'from'],
  lines: ['product_id', 'description', 'quantity', 'price', 'tax_rate'],
  schedule: ['name', 'due_on', 'amount'],
}

/** The place of a JSON pointer in a form; null where no field of it is meant. */
export function placeOf(pointer: string, fields: readonly Field[]): string | null {
  const parts = pointer.split('/').slice(1).map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
  for (let length = parts.length; length > 0; length -= 1) {
    const key = parts.slice(0, length).join('/')
    const field = fields.find((one) => one.key === key)
    if (!field) continue
    if (!isRows(field.kind)) return key
    const [row, sub] = parts.slice(length)
    if (row === undefined || !/^\d+$/.test(row)) return key
    return sub !== undefined && SUBS[field.kind]?.includes(sub) ? `${key}/${row}/${sub}` : `${key}/${row}`
  }
  return null
}

/** The server's problems at their fields; those of no field of the form are told in the summary. */
export function placeErrors(errors: readonly { pointer: string; detail: string }[], fields: readonly Field[]): { at: Problems; rest: string[] } {
  const at: Record<string, string> = {}
  const rest: string[] = []
  for (const { pointer, detail } of errors) {
    const place = placeOf(pointer, fields)
    if (place === null) rest.push(detail)
    else at[place] = at[place] ? `${at[place]} ${detail}` : detail
  }
  return { at, rest }
}

/** What the browser can tell by itself: the key of the text by place. */
export function check(fields: readonly Field[], values: Values): Problems {
  const found: Record<string, string> = {}
  for (const field of shownFields(fields, values)) {
    const { key, kind } = field
    if (isRows(kind)) { checkRows(field, values, found); continue }
    const typed = textOf(values, key).trim()
    if (isEmpty(typed)) {
      if (field.required) found[key] = 'form.problem.required'
    } else if ((kind === 'money' || kind === 'decimal') && readNumber(typed) === null) found[key] = 'form.problem.number'
    else if (kind === 'percent' && percentToShare(typed) === null) found[key] = 'form.problem.number'
    else if (kind === 'integer' && !/^\d{1,9}$/.test(typed)) found[key] = 'form.problem.integer'
  }
  return found
}

function checkRows({ key, kind }: Field, values: Values, found: Record<string, string>) {
  const rows = rowsOf(values, key)
  rows.forEach((row, index) => {
    const need = (sub: string, number: boolean) => {
      const typed = row[sub]?.trim() ?? ''
      if (!typed) found[`${key}/${index}/${sub}`] = 'form.problem.required'
      else if (number && readNumber(typed.replace(/[%\uff05]/g, '')) === null) found[`${key}/${index}/${sub}`] = 'form.problem.number'
    }
    if (kind === 'splits') { need('person_id', false); need('share', true) }
    if (kind === 'schedule') { need('due_on', false); need('amount', true) }
    if (kind === 'lines') need('price', true)
  })
  if (kind === 'splits' && over(rows)) found[key] = 'form.problem.over_100'
}

/** Divisions that begin on the same day stand beside each other. */
function over(rows: readonly Readonly<Record<string, string>>[]): boolean {
  const days = new Set(rows.map((row) => row.from ?? ''))
  return [...days].some((day) => compareDecimal(ownersPercent(rows.filter((row) => (row.from ?? '') === day)), '100') > 0)
}
