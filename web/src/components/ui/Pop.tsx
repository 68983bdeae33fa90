import { Fragment, useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { flushSync } from 'react-dom'
import styles from './Pop.module.css'

/** What the button that opens it needs. */
export interface Opener { ref: RefObject<HTMLButtonElement | null>; popoverTarget: string; 'aria-expanded': boolean; 'aria-controls'?: string }
interface Props {
  opener: (props: Opener) => ReactNode
  children: (close: () => void) => ReactNode
  className?: string
}

const GAP = 4
const EDGE = 8
/** Less than this below the button, and it opens above it if there is more. */
const LOW = 260

/** Under the button, on the side where the window is wider, or above it. */
function place(button: HTMLElement, pop: HTMLElement) {
  const at = button.getBoundingClientRect()
  const below = innerHeight - at.bottom - GAP - EDGE
  const above = at.top - GAP - EDGE
  const up = below < LOW && above > below
  const left = at.left + at.width / 2 < innerWidth / 2
  Object.assign(pop.style, {
    top: up ? 'auto' : `${at.bottom + GAP}px`, bottom: up ? `${innerHeight - at.top + GAP}px` : 'auto',
    left: left ? `${Math.max(EDGE, at.left)}px` : 'auto', right: left ? 'auto' : `${Math.max(EDGE, document.documentElement.clientWidth - at.right)}px`,
    maxHeight: `${up ? above : below}px`,
  })
  const over = left ? pop.getBoundingClientRect().right - (innerWidth - EDGE) : EDGE - pop.getBoundingClientRect().left
  if (over > 0 && left) pop.style.left = `${Math.max(EDGE, at.left - over)}px`
  if (over > 0 && !left) pop.style.right = `${Math.max(EDGE, innerWidth - at.right - over)}px`
}

/**
 * What opens at a button and goes when one looks elsewhere: the browser's own popover, which lies above everything, closes by a
 * click outside and gives the focus back. What is in it is there only while it is open.
 */
export function Pop({ opener, children, className }: Props) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const pop = useRef<HTMLDivElement>(null)
  // Closed and opened again in a moment it tells of neither: what is in it is made anew at each opening.
  const [{ open, times }, setOpen] = useState({ open: false, times: 0 })
  const close = () => document.getElementById(id)?.hidePopover()

  useLayoutEffect(() => {
    if (open && button.current && pop.current) place(button.current, pop.current)
  }, [open, times])
  useEffect(() => {
    if (!open) return
    const again = () => { if (button.current && pop.current) place(button.current, pop.current) }
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      event.preventDefault()
      // A choice that is open in it goes first.
      if (event.target instanceof Element && event.target.closest('.ant-select-open')) return
      // The drawer or the form behind it stays.
      event.stopPropagation()
      pop.current?.hidePopover()
      button.current?.focus()
    }
    window.addEventListener('resize', again)
    window.addEventListener('scroll', again, true)
    window.addEventListener('keydown', escape, true)
    return () => {
      window.removeEventListener('resize', again)
      window.removeEventListener('scroll', again, true)
      window.removeEventListener('keydown', escape, true)
    }
  }, [open])
  return (
    <>
      {opener({ ref: button, popoverTarget: id, 'aria-expanded': open })}
      <div
        id={id} ref={pop} popover="auto" className={`${styles.pop} ${className ?? ''}`}
        onBeforeToggle={(event) => { if (event.target === pop.current && event.newState === 'open') flushSync(() => setOpen((before) => ({ open: true, times: before.times + 1 }))) }}
        onToggle={(event) => {
          if (event.target !== pop.current) return
          if (event.newState === 'closed') setOpen((before) => ({ ...before, open: false }))
          else if (button.current) place(button.current, pop.current)
        }}
      >
        {open && <Fragment key={times}>{children(close)}</Fragment>}
      </div>
    </>
  )
}
