export type SortKey = 'code' | 'name' | 'product_line' | 'list_price'

/** Rows in an order; those without a value come last in both directions. */
export function sorted<T>(rows: readonly T[], key: (row: T) => string | bigint | null | undefined, down: boolean): T[] {
  const order = (a: T, b: T) => {
    const [left, right] = [key(a), key(b)]
    if (left == null || left === '') return right == null || right === '' ? 0 : 1
    if (right == null || right === '') return -1
    const by = typeof left === 'bigint' && typeof right === 'bigint' ? Number(left > right) - Number(left < right) : String(left).localeCompare(String(right), undefined, { numeric: true })
    return down ? -by : by
  }
  return [...rows].sort(order)
}
