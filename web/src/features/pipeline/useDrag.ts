import { useEffect, useEffectEvent, useRef, useState, type PointerEvent as ReactPointerEvent } from 'react'
import type { Opportunity } from '@/components/list/model'

/** How far the pointer goes before a press is a drag. */
const SLACK = 5
/** So close to the edge of the board it scrolls. */
const EDGE = 56
const STEP = 14

export interface Drag { card: Opportunity; x: number; y: number; width: number; grip: { x: number; y: number }; over: string | null }

const stageAt = (x: number, y: number) => document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-stage]')?.dataset.stage ?? null

/** A card follows the mouse; where it is let go the column below gets it. A finger scrolls: it moves cards by the sheet. */
export function useDrag(drop: (card: Opportunity, stage: string) => void) {
  const [drag, setDrag] = useState<Drag | null>(null)
  const pressed = useRef<{ card: Opportunity; x: number; y: number; box: DOMRect } | null>(null)
  /** The click that ends a drag opens nothing. */
  const dragged = useRef(false)

  const end = () => {
    pressed.current = null
    setDrag(null)
  }

  const onMove = useEffectEvent((event: PointerEvent) => {
    const press = pressed.current
    if (!press) return
    if (!drag && Math.hypot(event.clientX - press.x, event.clientY - press.y) < SLACK) return
    event.preventDefault()
    dragged.current = true
    scrollBoard(event.clientX)
    setDrag({
      card: press.card, x: event.clientX, y: event.clientY, width: press.box.width,
      grip: { x: press.x - press.box.left, y: press.y - press.box.top }, over: stageAt(event.clientX, event.clientY),
    })
  })
  const onUp = useEffectEvent((event: PointerEvent) => {
    const over = drag && stageAt(event.clientX, event.clientY)
    if (drag && over && over !== drag.card.stage_id) drop(drag.card, over)
    end()
  })
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!drag || event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    end()
  })
  useEffect(() => {
    const move = (event: PointerEvent) => onMove(event)
    const up = (event: PointerEvent) => onUp(event)
    const cancel = () => { pressed.current = null; setDrag(null) }
    const key = (event: KeyboardEvent) => onKey(event)
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', up)
    window.addEventListener('pointercancel', cancel)
    window.addEventListener('keydown', key, { capture: true })
    return () => {
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', up)
      window.removeEventListener('pointercancel', cancel)
      window.removeEventListener('keydown', key, { capture: true })
    }
  }, [])

  const press = (event: ReactPointerEvent<HTMLElement>, card: Opportunity) => {
    dragged.current = false
    if (event.button !== 0 || event.pointerType === 'touch') return
    pressed.current = { card, x: event.clientX, y: event.clientY, box: event.currentTarget.getBoundingClientRect() }
  }
  return { drag, press, wasDragged: () => dragged.current }
}

function scrollBoard(x: number) {
  const board = document.querySelector<HTMLElement>('[data-board]')
  const box = board?.getBoundingClientRect()
  if (!board || !box) return
  if (x > box.right - EDGE) board.scrollLeft += STEP
  else if (x < box.left + EDGE) board.scrollLeft -= STEP
}
