import type { Me } from '@/api/types'

/** The kinds of records that have a form. */
export const FORM_KINDS = ['lead', 'account', 'contact', 'opportunity', 'contract', 'payment', 'invoice', 'sales_order', 'delivery', 'activity'] as const
export type FormKind = (typeof FORM_KINDS)[number]
export const isFormKind = (text: string | null | undefined): text is FormKind => FORM_KINDS.some((kind) => kind === text)

/** One row of a list in a form (a line, a split, an instalment): texts by the name of their field. */
export type Row = Readonly<Record<string, string>>
/** What stands in a control: text as it is typed ('' is empty), or rows. Money and shares stay decimal text. */
export type Value = string | readonly Row[]
export type Values = Readonly<Record<string, Value>>

export type RecordPick = 'account' | 'contact' | 'opportunity' | 'contract' | 'payment' | 'sales_order'

export type FieldKind =
  | 'text' | 'long' | 'phone' | 'email' | 'integer' | 'decimal' | 'money' | 'date' | 'moment' | 'percent' | 'choice' | 'chips' | 'suggest' | 'place' | 'outcome'
  | 'person' | RecordPick | 'pipeline' | 'product' | 'stage' | 'splits' | 'lines' | 'schedule'

export interface Field {
  /** Where it stands in the body; `account/name` is nested, `@mode` stays in the form. */
  key: string
  kind: FieldKind
  /** The key of its label in the language files. */
  label: string
  required?: boolean
  half?: boolean
  /** Stands below "more fields" until it is filled. */
  more?: boolean
  /** Words of a choice: the value, and the key of its label. */
  options?: readonly { value: string; label: string }[]
  /** The key of a text with suggestions, parted by "|". */
  suggestions?: string
  help?: string
  hidden?: (values: Values) => boolean
  /** It comes with the address and is sent; nobody chooses it. */
  carried?: boolean
  /** It can be set once only. */
  fixed?: boolean
  /** What narrows a picker: the contacts of the chosen account. */
  filter?: (values: Values) => Record<string, string>
}

/** Which of the fields tell a duplicate. */
export interface DuplicateKeys { name?: string; phone?: string; email?: string; social_credit_code?: string }

export interface FormSpec {
  kind: FormKind
  fields: readonly Field[]
  /** What a new one begins with, beside what the address says. */
  defaults?: (me: Me) => Values
  duplicates?: DuplicateKeys
  /** A new one may be filled in from a pasted card. */
  captures?: boolean
  /** What follows from a change: an outcome proposes the next step. */
  follow?: (values: Values, changed: string) => Values
  /** What a new one says where nothing was typed. */
  complete?: (body: Record<string, unknown>) => Record<string, unknown>
}

export const textOf = (values: Values, key: string): string => {
  const value = values[key]
  return typeof value === 'string' ? value : ''
}
export const rowsOf = (values: Values, key: string): readonly Row[] => {
  const value = values[key]
  return Array.isArray(value) ? (value as readonly Row[]) : []
}
export const isRows = (kind: FieldKind) => kind === 'splits' || kind === 'lines' || kind === 'schedule'
export const isEmpty = (value: Value | undefined) => value === undefined || value.length === 0
export const shownFields = (fields: readonly Field[], values: Values) => fields.filter((field) => !field.hidden?.(values))
