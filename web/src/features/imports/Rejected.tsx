import { useState } from 'react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/Button'
import { BoneRows, ErrorState, useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import table from '@/components/ui/table.module.css'
import { importQueries, mend, type ImportRun, type RejectedRow } from './api'
import styles from './Imports.module.css'

/** Rows that stayed out, with what is wrong in which cell; where they can be mended the cells are written in. */
export function Rejected({ run, mended }: { run: ImportRun; mended?: (run: ImportRun) => void }) {
  const { t } = useTranslation()
  const toast = useToast()
  const text = useErrorText()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery(importQueries.rejected(run.id, run.version))
  const [changed, setChanged] = useState<ReadonlyMap<number, string[]>>(new Map())
  const [busy, setBusy] = useState(false)
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <BoneRows rows={3} />
  const rows = data.pages.flatMap((page) => page.items)
  const write = (row: RejectedRow, at: number, value: string) => {
    const cells = [...(changed.get(row.line) ?? row.cells)]
    cells[at] = value
    const next = new Map(changed)
    if (cells.every((cell, index) => cell === row.cells[index])) next.delete(row.line)
    else next.set(row.line, cells)
    setChanged(next)
  }
  const sendRows = async () => {
    setBusy(true)
    try {
      mended?.(await mend(run.id, [...changed].map(([line, cells]) => ({ line, cells }))))
    } catch (failed) {
      toast({ title: text(failed), tone: 'behind' })
      setBusy(false)
    }
  }
  return (
    <>
      <div className={table.scroll}>
        <table className={`${table.table} ${styles.rows}`} data-testid="rejected">
          <thead><tr><th className={table.num}>{t('imports.line')}</th><th>{t('imports.reason')}</th>{run.header.map((name) => <th key={name}>{name}</th>)}</tr></thead>
          <tbody>{rows.map((row) => <Row key={row.line} run={run} row={row} cells={changed.get(row.line) ?? row.cells} write={mended && ((at, value) => write(row, at, value))} />)}</tbody>
        </table>
      </div>
      {hasNextPage && <Button type="link" loading={isFetching} onClick={() => void fetchNextPage()}>{t('action.more')}</Button>}
      {mended && (
        <div className={styles.actions}>
          <Button type="primary" loading={busy} disabled={changed.size === 0} onClick={() => void sendRows()}>{changed.size === 0 ? t('imports.mend_none') : t('imports.mend', { count: changed.size })}</Button>
        </div>
      )}
    </>
  )
}

function Row({ run, row, cells, write }: { run: ImportRun; row: RejectedRow; cells: string[]; write?: (at: number, value: string) => void }) {
  const { t } = useTranslation()
  const label = (column: string) => run.columns.find(({ name }) => name === column)?.label ?? column
  const wrong = new Set(row.reasons.map(({ cell }) => cell))
  return (
    <tr>
      <td className={table.num}>{row.line}</td>
      <td className={styles.reasons}>{row.reasons.map((reason, index) => <span key={index}><b>{label(reason.column)}</b> {reason.detail}</span>)}</td>
      {run.header.map((name, at) => (
        <td key={name} data-wrong={wrong.has(at) || undefined}>
          {write
            ? <input value={cells[at] ?? ''} onChange={(event) => write(at, event.target.value)} aria-label={t('imports.cell', { line: row.line, column: name })} aria-invalid={wrong.has(at) || undefined} className={styles.cell} size={Math.min(28, Math.max(6, (cells[at] ?? '').length + 2))} dir="auto" />
            : <bdi>{cells[at]}</bdi>}
        </td>
      ))}
    </tr>
  )
}
