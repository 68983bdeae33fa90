import { lazy, Suspense, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { useMe } from '@/api/queries'
import { useFormat } from '@/components/format/format'
import type { Around, Lookups, Opportunity } from '@/components/list/model'
import { usePhone } from '@/components/ui/useMediaQuery'
import { useDrawer } from '@/components/why/address'
import { Card, CardLines } from './Card'
import { Column } from './Column'
import { asksFor, beside, type Move } from './moves'
import { PhoneBoard } from './PhoneBoard'
import type { Board, BoardStage, Sort } from './pipelines'
import { useDrag } from './useDrag'
import { useMove } from './useMove'
import styles from './Board.module.css'

const Ask = lazy(() => import('./Ask').then((module) => ({ default: module.Ask })))

/** Deals by stage. A card moves by the mouse, by [ and ], or on the phone by its sheet; all three ask and tell the same. */
export function BoardView({ board, queryKey, sort, lookups, writes }: { board: Board; queryKey: readonly unknown[]; sort: Sort; lookups: Lookups; writes: boolean }) {
  const phone = usePhone()
  const drawer = useDrawer()
  const around = useBoardAround(board, lookups)
  const move = useMove(queryKey, sort)
  const [asking, setAsking] = useState<{ card: Opportunity; to: BoardStage } | null>(null)
  const [tab, setTab] = useState<string | null>(null)
  const following = useRef<string | null>(null)

  const place = (card: Opportunity, stage: string) => {
    const to = board.stages.find(({ id }) => id === stage)
    if (!writes || !to || to.id === card.stage_id) return
    if (asksFor(to)) setAsking({ card, to })
    else move(card, { stage_id: to.id }, to.name)
  }
  const { drag, press, wasDragged } = useDrag(place)
  useFollow(following, board)

  const keys = (card: Opportunity) => (event: KeyboardEvent) => {
    const by = stepOf(event)
    if (by !== null) {
      const to = beside(board, card.id, by)
      if (to) { following.current = card.id; place(card, to.id) }
    } else if (!focusBeside(board, card.id, event)) return
    event.preventDefault()
    event.stopPropagation()
  }
  const reasons = useMemo(() => [...new Set(board.stages.flatMap(({ cards }) => cards.flatMap(({ lost_reason }) => lost_reason ? [lost_reason] : [])))].slice(0, 6), [board])
  const cardOf = (card: Opportunity, first: boolean, send: (() => void) | null) => (
    <Card
      key={card.id} card={card} around={around} open={drawer.record?.id === card.id} lifted={drag?.card.id === card.id} tab={tab === card.id || first}
      onOpen={() => { if (!wasDragged()) drawer.openRecord({ type: 'opportunity', id: card.id }) }} onKeys={(event) => { setTab(card.id); keys(card)(event) }}
      onPress={(event) => { if (writes && !phone) press(event, card) }} onSend={send}
    />
  )
  const more = useMore(board.month)
  return (
    <>
      {phone
        ? <PhoneBoard board={board} more={more} card={(card, send) => cardOf(card, true, writes ? send : null)} place={place} />
        : (
          <div className={styles.board} data-board data-dragging={drag !== null}>
            {board.stages.map((stage) => (
              <Column key={stage.id} stage={stage} month={board.month} over={drag?.over === stage.id && drag.card.stage_id !== stage.id} more={more(stage)}>
                {stage.cards.map((card, at) => cardOf(card, at === 0, null))}
              </Column>
            ))}
          </div>
        )}
      {drag && <div className={styles.ghost} style={{ width: drag.width, transform: `translate(${drag.x - drag.grip.x}px, ${drag.y - drag.grip.y}px)` }} aria-hidden><CardLines card={drag.card} around={around} /></div>}
      {asking && <Suspense fallback={null}><Ask card={asking.card} to={asking.to} known={reasons} close={() => setAsking(null)} go={(change: Move) => { setAsking(null); move(asking.card, change, asking.to.name) }} /></Suspense>}
    </>
  )
}

function stepOf(event: KeyboardEvent): 1 | -1 | null {
  if (event.ctrlKey || event.metaKey) return null
  if (event.key === ']' || (event.altKey && event.key === 'ArrowRight')) return 1
  if (event.key === '[' || (event.altKey && event.key === 'ArrowLeft')) return -1
  return null
}

const focusCard = (id: string | undefined) => {
  const button = id ? document.querySelector<HTMLElement>(`[data-card="${id}"] > button`) : null
  button?.focus()
  button?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  return button !== null
}

/** The arrows go from card to card, as j and k do. */
function focusBeside(board: Board, id: string, event: KeyboardEvent): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey) return false
  const column = board.stages.findIndex(({ cards }) => cards.some((card) => card.id === id))
  const row = board.stages[column]?.cards.findIndex((card) => card.id === id) ?? -1
  const down = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
  if (down !== undefined) return focusCard(board.stages[column]?.cards[row + down]?.id) || true
  const right = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (right === undefined) return false
  for (let at = column + right; at >= 0 && at < board.stages.length; at += right) {
    const cards = board.stages[at]?.cards ?? []
    if (cards.length > 0) return focusCard(cards[Math.min(row, cards.length - 1)]?.id)
  }
  return true
}

/** A card that was moved by keys keeps the focus in its new column, also when it comes back. */
function useFollow(following: { current: string | null }, board: Board) {
  useEffect(() => {
    if (following.current && document.activeElement === document.body && !document.querySelector('dialog[open]')) focusCard(following.current)
  }, [board, following])
  useEffect(() => {
    // Whoever goes on with something else is not called back.
    const leave = (event: FocusEvent) => {
      // A message about the move is no other thing: undo brings the card back.
      if (event.target instanceof HTMLElement && event.target.closest('[data-toast]')) return
      const card = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-card]') : null
      if (card?.dataset.card !== following.current) following.current = null
    }
    document.addEventListener('focusin', leave)
    return () => document.removeEventListener('focusin', leave)
  }, [following])
}

function useBoardAround(board: Board, lookups: Lookups): Around {
  const { t } = useTranslation()
  const format = useFormat()
  const { today, timezone } = useMe().company
  return useMemo(() => {
    const names = new Map([...(lookups.product_id ?? []).map(({ value, label }) => [value, label] as const), ...Object.entries(board.names)])
    return { t, format, today, timezone, name: (id) => (id ? names.get(id) ?? '\u2014' : '\u2014') }
  }, [board, format, lookups.product_id, t, timezone, today])
}

/** The last day of a month: `2026-02` to `2026-02-28`. */
const lastDay = (month: string) => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).toISOString().slice(0, 10)

/** The list of what stands in a column; of what is closed the board shows one month. */
function useMore(month: string) {
  const { search } = useLocation()
  return (stage: BoardStage) => {
    const params = new URLSearchParams(search)
    const next = new URLSearchParams({ view: 'list', stage_id: stage.id })
    if (stage.kind !== 'open') { next.set('closed_from', `${month}-01`); next.set('closed_to', lastDay(month)) }
    for (const kept of ['owner_id', 'team_id', 'pipeline_id']) { const value = params.get(kept); if (value) next.set(kept, value) }
    return `/opportunities?${next.toString()}`
  }
}
