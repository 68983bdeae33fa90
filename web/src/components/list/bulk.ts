import { send } from '@/api/client'
import type { components } from '@/api/schema'
import type { Field } from '@/components/form/fields'
import type { KindName, Row } from './model'

/** The most records of one request. */
const MOST = 500

type Seen = Row & Record<string, unknown>
export interface BulkChange { id: string; version: number; before: Seen; after: Seen }
export interface BulkAnswer { changed: BulkChange[]; unchanged: string[]; refused: components['schemas']['BulkRefusal'][] }
export type BulkEdit = { id: string; version: number } & ({ fields: Record<string, unknown> } | { archived: boolean })

const empty = (): BulkAnswer => ({ changed: [], unchanged: [], refused: [] })

/** Edits records, or asks what would become of them; more than one request takes are sent one after the other. */
export async function bulkEdit(kind: KindName, edits: readonly BulkEdit[], preview: boolean, signal?: AbortSignal): Promise<BulkAnswer> {
  const all = empty()
  for (let at = 0; at < edits.length; at += MOST) {
    const { data } = await send<BulkAnswer>('POST', `/${kind}/bulk-edits`, { body: { edits: edits.slice(at, at + MOST), preview }, signal })
    all.changed.push(...data.changed)
    all.unchanged.push(...data.unchanged)
    all.refused.push(...data.refused)
  }
  return all
}

/** The edits by which records become as they were, where nobody changed them since. */
export function undoing(changes: readonly BulkChange[], names: readonly string[] | null): BulkEdit[] {
  return changes.map(({ id, version, before }) => (names
    ? { id, version, fields: Object.fromEntries(names.map((name) => [name, before[name] ?? null])) }
    : { id, version, archived: before.archived === true }))
}

/** The fields that can be the same for many records. */
export const forMany = (fields: readonly Field[], keys: readonly string[]): Field[] =>
  keys.flatMap((key) => fields.filter((field) => field.key === key))
