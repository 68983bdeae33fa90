import { ArrowDown, ArrowUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ariaSort, nextSort } from './address'
import { template } from './template'
import type { Column, ListKind, Row } from './model'
import styles from './List.module.css'

interface Props<T extends Row> { kind: ListKind<T>; columns: Column<T>[]; sort: string; setSort: (sort: string | null) => void; all: boolean; some: boolean; toggleAll: () => void }

/** The heads of the columns: a click asks for that order. */
export function ListHeader<T extends Row>({ kind, columns, sort, setSort, all, some, toggleAll }: Props<T>) {
  const { t } = useTranslation()
  return (
    <div role="rowgroup" className={styles.headGroup}>
      <div role="row" aria-rowindex={1} className={`${styles.row} ${styles.head}`} style={{ gridTemplateColumns: template(columns) }}>
        <span role="columnheader" className={styles.pick}><input type="checkbox" checked={all} ref={(box) => { if (box) box.indeterminate = some && !all }} onChange={toggleAll} aria-label={t('list.choose_all')} /></span>
        {columns.map((column) => {
          const order = ariaSort(column, sort)
          const label = t(`list.col.${column.id}`)
          return (
            <span key={column.id} role="columnheader" aria-sort={order} className={column.numeric ? styles.num : ''}>
              {column.sort
                ? <button type="button" className={styles.sort} onClick={() => setSort(nextSort(column, sort, kind.sort))}>{label}{order === 'ascending' && <ArrowUp size={12} aria-hidden />}{order === 'descending' && <ArrowDown size={12} aria-hidden />}</button>
                : label}
            </span>
          )
        })}
      </div>
    </div>
  )
}
