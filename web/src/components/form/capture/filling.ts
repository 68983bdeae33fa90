import type { FormSpec } from '../fields'
import type { Card, Left, Part } from './capture'

/** Where a part of a card stands in a form. */
const FIELDS: Partial<Record<Part, string>> = { name: 'name', title: 'title', company: 'company_name', phone: 'phone', email: 'email', wechat: 'wechat' }
/** What stands in the note where the form has no field of its own. */
const NOTED: readonly Part[] = ['wechat', 'address', 'website']

/**
 * The fields that a card fills in, and what is left of it. `account` is the customer that the company is, `said` puts the name
 * of a part before its value, `note` is what stands in the note already.
 */
export function filling(spec: FormSpec, found: { card: Card; left: readonly Left[] }, account: string | null, said: (part: string, value: string) => string, note: string): { fields: Record<string, string>; left: Left[] } {
  const has = (key: string | undefined) => key !== undefined && spec.fields.some((field) => field.key === key)
  const fields: Record<string, string> = {}
  const left: Left[] = []
  const lines: string[] = []
  for (const [part, value] of Object.entries(found.card) as [Part, string][]) {
    const key = FIELDS[part]
    if (key !== undefined && has(key)) fields[key] = value
    else if (part === 'company' && account !== null) fields.account_id = account
    else if (NOTED.includes(part) && has('note')) lines.push(said(part, value))
    else if (part !== 'company' || !has('account_id')) left.push({ part: 'other', text: value })
  }
  for (const one of found.left) {
    if (!has('note')) left.push(one)
    else lines.push(one.part === 'other' ? one.text : said(one.part, one.text))
  }
  const fresh = lines.filter((line) => !note.split('\n').includes(line))
  if (fresh.length > 0) fields.note = [...(note.trim() ? [note] : []), ...fresh].join('\n')
  return { fields, left }
}
