import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addDecimal } from '@/components/format/decimal'
import { useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import type { ListKind, Row } from './model'
import type { BulkSheet as BulkSheetType } from './BulkSheet'
import { useBulk } from './useBulk'
import styles from './List.module.css'

// lazy() forgets that the sheet is generic.
const BulkSheet = lazy(() => import('./BulkSheet').then((module) => ({ default: module.BulkSheet }))) as unknown as typeof BulkSheetType

/** How many rows are chosen, what they come to, and what can be done with them. */
export function ChosenBar<T extends Row>({ kind, rows, names, clear, restore, writes }: { kind: ListKind<T>; rows: T[]; names: ReadonlyMap<string, string>; clear: () => void; restore: ((rows: T[]) => void) | null; /** Whether the asker may edit this kind. */ writes: boolean }) {
  const { t } = useTranslation()
  const toast = useToast()
  const text = useErrorText()
  const run = useBulk(kind)
  const [editing, setEditing] = useState(false)
  const [busy, setBusy] = useState(false)
  const edits = writes && !restore && kind.bulk !== undefined
  const archive = async () => {
    setBusy(true)
    try {
      await run(rows.map((row) => ({ id: row.id, version: row.version ?? 1, archived: true })), null)
      clear()
    } catch (error) {
      toast({ title: t('bulk.not_archived'), detail: text(error), tone: 'behind' })
    }
    setBusy(false)
  }
  const format = useFormat()
  const sums = new Map<string, string>()
  for (const row of rows) {
    const amount = kind.amount?.(row)
    if (amount) sums.set(amount.currency, addDecimal(sums.get(amount.currency) ?? '0.00', amount.amount))
  }
  return (
    <div className={styles.chosen} role="region" aria-label={t('list.chosen_bar')}>
      <b aria-live="polite">{t('list.chosen', { count: rows.length })}</b>
      {sums.size > 0 && <span>{t('list.sum')} {format.list([...sums].map(([currency, sum]) => format.money(sum, currency)))}</span>}
      {edits && <Button size="small" type="primary" onClick={() => setEditing(true)}>{t('bulk.edit')}</Button>}
      {edits && kind.archives && <Button size="small" loading={busy} onClick={() => void archive()}>{t('bulk.archive')}</Button>}
      {restore && <Button size="small" onClick={() => { restore(rows); clear() }}>{t('list.restore')}</Button>}
      <Button size="small" type="link" onClick={clear}>{t('list.choose_none')}</Button>
      {editing && <Suspense fallback={null}><BulkSheet kind={kind} rows={rows} names={names} close={() => setEditing(false)} done={() => { setEditing(false); clear() }} /></Suspense>}
    </div>
  )
}
