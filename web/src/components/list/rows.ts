import type { ListPage, Row } from './model'

/** A page with when it was asked for. */
export interface Asked<T> extends ListPage<T> { at: number }

export interface Loaded<T> { rows: T[]; /** The page of each row. */ pages: number[]; names: Map<string, string> }

/** All rows of all pages, each once: between two pages one may have moved. */
export function flatten<T extends Row>(pages: readonly ListPage<T>[]): Loaded<T> {
  const seen = new Set<string>()
  const loaded: Loaded<T> = { rows: [], pages: [], names: new Map() }
  pages.forEach((page, at) => {
    for (const [id, name] of Object.entries(page.names ?? {})) loaded.names.set(id, name)
    for (const row of page.items) {
      if (seen.has(row.id)) continue
      seen.add(row.id)
      loaded.rows.push(row)
      loaded.pages.push(at)
    }
  })
  return loaded
}

/** The pages from the first to the last row in view. */
export function pagesInView(pages: readonly number[], first: number, last: number): [number, number] {
  const at = (row: number) => pages[Math.max(0, Math.min(row, pages.length - 1))] ?? 0
  return [at(first), at(last)]
}

/** Whether a page in view is older than the news. */
export const isStale = (pages: readonly { at: number }[], [first, last]: [number, number], since: number): boolean =>
  pages.slice(first, last + 1).some((page) => page.at < since)
