import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useLocation, useNavigate } from 'react-router'
import { useTranslation } from 'react-i18next'
import { usePhone } from '@/components/ui/useMediaQuery'
import { ListHeader } from './ListHeader'
import { ListCard, ListRow } from './ListRow'
import type { Around, Column, ListKind, Row } from './model'
import { useListKeys } from './useListKeys'
import styles from './List.module.css'

export const ROW = 38
export const CARD = 68

/** Where somebody was in a list when they left it: coming back they are there again. */
const places = new Map<string, { top: number; active: number }>()

export interface ListViewProps<T extends Row> {
  kind: ListKind<T>
  columns: Column<T>[]
  rows: T[]
  more: boolean
  /** Rows of the question before, until those of the present one are there. */
  old: boolean
  around: Around
  sort: string
  setSort: (sort: string | null) => void
  chosen: ReadonlySet<string>
  setChosen: (chosen: ReadonlySet<string>) => void
  onView: (first: number, last: number) => void
  restore: ((row: T) => void) | null
}

/** The rows: only those in view are in the page. Keys move a cursor, Enter opens its record. */
export function ListView<T extends Row>(props: ListViewProps<T>) {
  const { kind, columns, rows, more, old, around, chosen, setChosen, onView } = props
  const { t } = useTranslation()
  const phone = usePhone()
  const navigate = useNavigate()
  const { pathname, search } = useLocation()
  const here = pathname + search
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(() => places.get(here)?.active ?? -1)
  const current = Math.min(active, rows.length - 1)
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer keeps its own state; nothing here is memoised by it
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => (phone ? CARD : ROW), overscan: 12, initialOffset: () => places.get(here)?.top ?? 0, scrollPaddingStart: phone ? 0 : ROW })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0

  const view = useEffectEvent(onView)
  useEffect(() => { view(first, last) }, [first, last, rows])
  // Another question begins at the top; the same one where it was left.
  const shown = useRef(here)
  useLayoutEffect(() => {
    if (shown.current === here) return
    shown.current = here
    scroller.current?.scrollTo({ top: 0 })
    setActive(-1)
  }, [here])
  const leave = () => { places.set(here, { top: scroller.current?.scrollTop ?? 0, active }) }

  const open = (row: T) => {
    leave()
    void navigate(`/records/${kind.type}/${row.id}`, { state: { from: here } })
  }
  const toggle = (row: T) => {
    const next = new Set(chosen)
    if (!next.delete(row.id)) next.add(row.id)
    setChosen(next)
  }
  useListKeys({
    move: (by) => {
      if (rows.length === 0) return
      const to = Math.max(0, Math.min(current + by, rows.length - 1))
      setActive(to)
      virtual.scrollToIndex(to, { align: 'auto' })
      scroller.current?.focus({ preventScroll: true })
    },
    open: () => { const row = rows[current]; if (row) open(row) },
    toggle: () => { const row = rows[current]; if (row) toggle(row) },
    clear: () => {
      if (chosen.size === 0 && active < 0) return false
      if (chosen.size > 0) setChosen(new Set())
      else setActive(-1)
      return true
    },
  })

  const body = (
    <div role={phone ? 'presentation' : 'rowgroup'} style={{ height: virtual.getTotalSize(), position: 'relative' }}>
      {items.map((item) => {
        const row = rows[item.index]
        if (!row) return null
        const common = { kind, row, index: item.index, top: item.start, active: item.index === current, chosen: chosen.has(row.id), around, open, leave, restore: props.restore }
        return phone ? <ListCard key={row.id} {...common} /> : <ListRow key={row.id} {...common} columns={columns} toggle={toggle} />
      })}
    </div>
  )
  if (phone) return <div ref={scroller} className={styles.cards} data-old={old} aria-busy={old} role="list" aria-label={t(`list.name.${kind.kind}`)}>{body}</div>
  return (
    <div
      ref={scroller} className={styles.scroller} data-old={old} data-testid="list" role="grid" tabIndex={0} aria-label={t(`list.name.${kind.kind}`)} aria-rowcount={more ? -1 : rows.length + 1} aria-colcount={columns.length + 1}
      aria-busy={old} aria-multiselectable aria-activedescendant={current >= first && current <= last && current >= 0 ? `row-${current}` : undefined}
    >
      <div className={styles.sheet} style={{ minWidth: columns.reduce((sum, column) => sum + column.min + 12, 52) }}>
        <ListHeader {...props} all={rows.length > 0 && rows.every((row) => chosen.has(row.id))} some={chosen.size > 0} toggleAll={() => setChosen(chosen.size > 0 ? new Set() : new Set(rows.map((row) => row.id)))} />
        {body}
      </div>
    </div>
  )
}
