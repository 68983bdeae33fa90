import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { send } from '@/api/client'
import type { components } from '@/api/schema'
import { addDecimal, isZero, subtractDecimal } from '@/components/format/decimal'
import { readNumber } from '@/components/form/money'

type S = components['schemas']
export type Matrix = S['MatrixView']
export type MatrixRow = S['MatrixRow']
export type Cell = S['TargetCell']

export const LEVELS = ['base', 'challenge', 'stretch'] as const
export type Level = (typeof LEVELS)[number]

export interface MatrixQuery { metric: string; year: string; team_id?: string; product_line?: string; region?: string; tier?: string }

export const matrix = (query: MatrixQuery) => queryOptions({
  queryKey: ['target-matrix', query], placeholderData: keepPreviousData,
  queryFn: async ({ signal }) => (await send<Matrix>('GET', `/target-matrices?${new URLSearchParams({ ...query }).toString()}`, { signal })).data,
})

/** A cell as it is to be; without a base the target is taken away. */
export interface Change { row: number; column: number; subject: string; period: string; before: Cell; after: Omit<Cell, 'version'> }

/** As many cells go in one request. */
const MOST = 200

/** Sends changes, each with the version that was read; answers the cells as they are then. */
export async function sendChanges(query: MatrixQuery, changes: readonly Change[]): Promise<Cell[]> {
  const done: Cell[] = []
  for (let from = 0; from < changes.length; from += MOST) {
    const part = changes.slice(from, from + MOST)
    const cells = part.map(({ subject, period, before, after }) => ({ subject, period, version: before.version ?? null, ...(after.base == null ? {} : { base: after.base, challenge: after.challenge ?? null, stretch: after.stretch ?? null }) }))
    const { metric, product_line, region, tier } = query
    const { data } = await send<{ cells: Cell[] }>('POST', '/target-changes', { body: { metric, product_line, region, tier, cells } })
    done.push(...data.cells)
  }
  return done
}

/** What a spreadsheet puts on the clipboard: rows by lines, cells by tabs. */
export function readBlock(text: string): string[][] {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n')
  return lines.map((line) => line.split('\t').map((cell) => cell.trim()))
}

/** A cell with another value of a level; clearing the base takes the whole target away. Null for what is no number. */
export function changed(cell: Cell, level: Level, typed: string): Omit<Cell, 'version'> | null {
  const { base, challenge, stretch } = cell
  if (typed.trim() === '') return level === 'base' ? { base: null, challenge: null, stretch: null } : { base, challenge, stretch, [level]: null }
  const number = readNumber(typed)
  if (number === null || number.startsWith('-')) return null
  return { base, challenge, stretch, [level]: number }
}

const same = (a: string | null | undefined, b: string | null | undefined) => (a == null || b == null ? (a ?? null) === (b ?? null) : isZero(subtractDecimal(a, b)))
export const isSame = (cell: Cell, after: Omit<Cell, 'version'>) => LEVELS.every((level) => same(cell[level], after[level]))

export interface Placed { changes: Change[]; /** Cells that are no numbers. */ unread: number; /** Cells beyond the table. */ outside: number }

/** A block laid into the table from a cell on; what lies outside of the table or is no number is counted, not guessed. */
export function place(table: Matrix, at: { row: number; column: number }, block: readonly (readonly string[])[], level: Level): Placed {
  const placed: Placed = { changes: [], unread: 0, outside: 0 }
  block.forEach((line, down) => line.forEach((typed, across) => {
    const row = table.rows[at.row + down]
    const cell = row?.cells[at.column + across]
    const period = table.periods[at.column + across]
    if (!row || !cell || period === undefined) { placed.outside += 1; return }
    const after = changed(cell, level, typed)
    if (!after) { placed.unread += 1; return }
    if (!isSame(cell, after)) placed.changes.push({ row: at.row + down, column: at.column + across, subject: row.subject, period, before: cell, after })
  }))
  return placed
}

/** The table with some cells replaced. */
export function withCells(table: Matrix, cells: readonly { row: number; column: number; cell: Cell }[]): Matrix {
  const at = new Map(cells.map(({ row, column, cell }) => [`${row} ${column}`, cell]))
  return { ...table, rows: table.rows.map((row, down) => ({ ...row, cells: row.cells.map((cell, across) => at.get(`${down} ${across}`) ?? cell) })) }
}

/** The sum of what is there; null where nothing is. */
export function sum(values: readonly (string | null | undefined)[]): string | null {
  const there = values.filter((value): value is string => value != null)
  return there.length === 0 ? null : there.reduce((total, value) => addDecimal(total, value))
}

/** What the whole has beyond its parts, per column; null where either is missing. */
export function beyond(whole: string | null, parts: string | null): string | null {
  return whole === null || parts === null ? null : subtractDecimal(whole, parts)
}
