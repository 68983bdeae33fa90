import type { MouseEvent } from 'react'
import { RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { template } from './template'
import type { Around, Column, ListKind, Row } from './model'
import styles from './List.module.css'

interface Common<T extends Row> { kind: ListKind<T>; row: T; index: number; top: number; active: boolean; chosen: boolean; around: Around; open: (row: T) => void; leave: () => void; restore: ((row: T) => void) | null }

/** A row of the table; its first cell is the link, the rest of it leads there, too. */
export function ListRow<T extends Row>({ kind, row, index, top, active, chosen, around, open, leave, columns, toggle, restore }: Common<T> & { columns: Column<T>[]; toggle: (row: T) => void }) {
  const { t } = useTranslation()
  const { pathname, search } = useLocation()
  const onClick = (event: MouseEvent) => {
    if (event.target instanceof HTMLElement && event.target.closest('a, button, label, input')) return
    open(row)
  }
  return (
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the keys of the list move and open; the link in the row is for Tab
    <div role="row" id={`row-${index}`} aria-rowindex={index + 2} aria-selected={chosen} data-active={active} className={styles.row} style={{ gridTemplateColumns: template(columns), transform: `translateY(${top}px)` }} onClick={onClick}>
      <span role="gridcell"><label className={styles.pick}><input type="checkbox" tabIndex={-1} checked={chosen} onChange={() => toggle(row)} aria-label={t('list.choose')} /></label></span>
      {columns.map((column, at) => (
        <span key={column.id} role="gridcell" className={column.numeric ? styles.num : styles.cell}>
          {at === 0 ? <Link to={`/records/${kind.type}/${row.id}`} state={{ from: pathname + search }} onClick={leave} className={styles.name}>{column.cell(row, around)}</Link> : column.cell(row, around)}
          {at === 0 && restore && <button type="button" className={styles.restore} onClick={() => restore(row)}><RotateCcw size={12} aria-hidden />{t('list.restore')}</button>}
        </span>
      ))}
    </div>
  )
}

/** A row on the phone: all of it is one link, big enough for a thumb. */
export function ListCard<T extends Row>({ kind, row, top, around, leave, restore }: Common<T>) {
  const { t } = useTranslation()
  const { pathname, search } = useLocation()
  const card = kind.card(row, around)
  return (
    <div role="listitem" className={styles.card} style={{ transform: `translateY(${top}px)` }}>
      <Link to={`/records/${kind.type}/${row.id}`} state={{ from: pathname + search }} onClick={leave} className={styles.cardLink}>
        <span className={styles.line}><strong>{card.title}</strong>{card.end && <b>{card.end}</b>}</span>
        <span className={styles.line}><small>{card.second}</small>{card.endSecond && <span className={styles.endSecond}>{card.endSecond}</span>}</span>
      </Link>
      {restore && <button type="button" className={styles.restore} onClick={() => restore(row)}><RotateCcw size={14} aria-hidden />{t('list.restore')}</button>}
    </div>
  )
}
