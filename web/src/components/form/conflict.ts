import { isSame } from './values'
import type { Field, Values } from './fields'

export type Choice = 'mine' | 'theirs'
/** A field that somebody else changed while it was open here. `clash`: here it was changed as well, to something else. */
export interface Difference { field: Field; clash: boolean }
export interface Conflict { theirs: Values; etag: string; differences: Difference[]; choices: Readonly<Record<string, Choice>> }

/** What they changed since `base`. What only they touched is theirs unless one decides otherwise; what both did is to be decided. */
export function conflictOf(fields: readonly Field[], base: Values, mine: Values, theirs: Values, etag: string, timezone: string): Conflict {
  const same = (field: Field, a: Values, b: Values) => isSame(field, a[field.key], b[field.key], timezone)
  const differences = fields
    .filter((field) => !same(field, base, theirs) && !same(field, mine, theirs))
    .map((field) => ({ field, clash: !same(field, base, mine) }))
  const choices = Object.fromEntries(differences.filter(({ clash }) => !clash).map(({ field }) => [field.key, 'theirs' as const]))
  return { theirs, etag, differences, choices }
}

export const isDecided = ({ differences, choices }: Conflict) => differences.every(({ field }) => choices[field.key] !== undefined)

/** One's own values with those of theirs that were chosen. */
export function resolve({ theirs, differences, choices }: Conflict, mine: Values): Values {
  const taken = differences.filter(({ field }) => choices[field.key] === 'theirs')
  return { ...mine, ...Object.fromEntries(taken.map(({ field }) => [field.key, theirs[field.key] ?? ''])) }
}
