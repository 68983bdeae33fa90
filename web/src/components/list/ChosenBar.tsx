import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { addDecimal } from '@/components/format/decimal'
import { useFormat } from '@/components/format/format'
import type { ListKind, Row } from './model'
import styles from './List.module.css'

/** How many rows are chosen, what they come to, and what can be done with them. */
export function ChosenBar<T extends Row>({ kind, rows, clear, restore }: { kind: ListKind<T>; rows: T[]; clear: () => void; restore: ((rows: T[]) => void) | null }) {
  const { t } = useTranslation()
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
      {restore && <Button size="small" onClick={() => { restore(rows); clear() }}>{t('list.restore')}</Button>}
      <Button size="small" type="link" onClick={clear}>{t('list.choose_none')}</Button>
    </div>
  )
}
