import type { Column } from './model'

/** The grid of a row: the box to choose it, then the columns. */
export const template = <T>(columns: readonly Column<T>[]) => `28px ${columns.map(({ min, grow }) => (grow ? `minmax(${min}px, ${grow}fr)` : `${min}px`)).join(' ')}`
