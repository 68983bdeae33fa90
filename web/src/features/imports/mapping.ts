import type { ImportRun, Mapping } from './api'

/** A mapping as it is edited: every part of it is there. */
export interface Draft {
  columns: Record<string, string>
  constants: Record<string, string>
  aliases: Record<string, Record<string, string>>
  dates: 'ymd' | 'dmy' | 'mdy'
  /** What forms do not show stays as it came. */
  rest: Pick<Mapping, 'compute' | 'scale' | 'unit'>
}

export function draftOf(mapping: Mapping): Draft {
  const { columns, constants, aliases, dates, ...rest } = mapping
  return { columns: columns ?? {}, constants: constants ?? {}, aliases: aliases ?? {}, dates: dates ?? 'ymd', rest }
}

export function mappingOf({ rest, ...draft }: Draft): Mapping {
  return { ...rest, ...draft }
}

const without = <T>(record: Record<string, T>, key: string): Record<string, T> => Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))

/** One of our columns comes from one of theirs, from none, or is the same in every row. */
export function setColumn(draft: Draft, ours: string, source: { theirs: string } | { constant: string } | null): Draft {
  const columns = without(draft.columns, ours)
  const constants = without(draft.constants, ours)
  if (source && 'theirs' in source) columns[ours] = source.theirs
  if (source && 'constant' in source) constants[ours] = source.constant
  return { ...draft, columns, constants }
}

/** What somebody's value means; an empty meaning takes the alias away. */
export function setAlias(draft: Draft, column: string, value: string, meaning: string): Draft {
  const known = without(draft.aliases[column] ?? {}, value)
  if (meaning) known[value] = meaning
  const aliases = without(draft.aliases, column)
  return { ...draft, aliases: Object.keys(known).length > 0 ? { ...aliases, [column]: known } : aliases }
}

/** Columns without which no row names a record, and that come from nowhere. */
export const missing = (run: Pick<ImportRun, 'columns'>, draft: Draft): string[] =>
  run.columns.filter(({ name, needed }) => needed && !(name in draft.columns) && !draft.constants[name] && !(name in (draft.rest.compute ?? {}))).map(({ label }) => label)

/** Of the file's columns those that nothing is read from. */
export function unused(run: Pick<ImportRun, 'header'>, draft: Draft): string[] {
  const sources = [...Object.values(draft.columns), ...Object.values(draft.rest.compute ?? {})]
  return run.header.filter((name) => !sources.some((source) => source === name || source.includes(`{${name}}`)))
}

/** True where a day in the file could mean two. */
export function daysMeanTwo(run: Pick<ImportRun, 'header' | 'sample' | 'columns'>, draft: Draft): boolean {
  const dates = run.columns.filter(({ shape }) => shape === 'date').map(({ name }) => run.header.indexOf(draft.columns[name] ?? '\0')).filter((at) => at >= 0)
  return draft.dates !== 'ymd' || dates.some((at) => run.sample.some((row) => /^\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}/.test(row[at] ?? '')))
}
