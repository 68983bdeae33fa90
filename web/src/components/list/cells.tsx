import type { components } from '@/api/schema'
import { formatDate, formatMoment } from '@/components/format/format'
import type { Around, Column, Row } from './model'
import { daysBetween } from './days'
import styles from './List.module.css'

type Amount = components['schemas']['Amount']
type Text = string | null | undefined

/** What is empty is a quiet dash. */
export const text = (value: Text) => (value ? value : <span className={styles.quiet}>—</span>)
export const date = (value: Text) => text(value ? formatDate(value) : null)
export const money = (amount: Amount | null | undefined, { format }: Around) => (amount ? format.money(amount.amount, amount.currency, false) : text(null))
/** In a card the currency stands with the amount: there is no head to say it. */
export const cardMoney = (amount: Amount | null | undefined, { format }: Around) => (amount ? format.round(amount.amount, amount.currency, true) : null)

/** A day that has passed while it should not have. */
export const dueDate = (value: Text, late: boolean) => (late ? <span className={styles.warn}>{formatDate(value)}</span> : date(value))

export const moment = (value: string, { timezone }: Around) => formatMoment(value, timezone)

/** Days since a moment, in the company's days. */
export const age = (value: Text, around: Around) => (value ? around.t('list.days', { value: daysBetween(value, around.today) }) : text(null))

/** Joins what there is: `A \u00B7 B`. */
export const joined = (...parts: Text[]) => parts.filter((part) => part && part !== '\u2014').join(' \u00B7 ')

/** A column of one text field. */
export function field<T extends Row>(id: string, min: number, of: (row: T, around: Around) => Text, more: Partial<Column<T>> = {}): Column<T> {
  return { id, min, grow: 1, cell: (row, around) => text(of(row, around)), ...more }
}

export function day<T extends Row>(id: string, of: (row: T) => Text, more: Partial<Column<T>> = {}): Column<T> {
  return { id, min: 92, numeric: true, down: true, cell: (row) => date(of(row)), ...more }
}

export function amount<T extends Row>(id: string, of: (row: T) => Amount | null | undefined, more: Partial<Column<T>> = {}): Column<T> {
  return { id, min: 120, numeric: true, down: true, cell: (row, around) => money(of(row), around), ...more }
}

