import { useState } from 'react'
import { Columns3 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Pop } from '@/components/ui/Pop'
import type { Column, KindName, ListKind, Row } from './model'
import styles from './List.module.css'

const keyOf = (kind: KindName) => `qiao.columns.${kind}`

function stored(kind: KindName): string[] | null {
  const text = localStorage.getItem(keyOf(kind))
  return text === null ? null : text.split(',').filter(Boolean)
}

/** The columns somebody chose for a kind: kept in this browser and told in the address, so that a link shows the same. */
export function useColumns(kind: KindName, params: URLSearchParams, set: (changes: Record<string, string | null>) => void) {
  const [kept, setKept] = useState(() => stored(kind))
  const choose = (ids: string[] | null) => {
    if (ids === null) localStorage.removeItem(keyOf(kind))
    else localStorage.setItem(keyOf(kind), ids.join(','))
    setKept(ids)
    set({ columns: ids?.join(',') ?? null })
  }
  return [params.has('columns') ? null : kept, choose] as const
}

export function ColumnsMenu<T extends Row>({ kind, shown, choose }: { kind: ListKind<T>; shown: readonly Column<T>[]; choose: (ids: string[] | null) => void }) {
  const { t } = useTranslation()
  const ids = shown.map(({ id }) => id)
  const toggle = (id: string) => choose(kind.columns.map((column) => column.id).filter((one) => (one === id ? !ids.includes(id) : ids.includes(one))))
  const content = (
    <div className={styles.columns} role="group" aria-label={t('list.columns')}>
      {kind.columns.map((column, at) => (
        <label key={column.id}><input type="checkbox" checked={ids.includes(column.id)} disabled={at === 0} onChange={() => toggle(column.id)} />{t(`list.col.${column.id}`)}</label>
      ))}
      <button type="button" className={styles.restore} onClick={() => choose(null)}>{t('list.columns_reset')}</button>
    </div>
  )
  return (
    <Pop opener={(props) => <button type="button" {...props} className={styles.icon} aria-label={t('list.columns')} title={t('list.columns')}><Columns3 size={15} aria-hidden /></button>}>
      {() => content}
    </Pop>
  )
}
