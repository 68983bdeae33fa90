import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { Pop, type Opener } from './Pop'
import styles from './Pop.module.css'

export interface MenuItem { key: string; label: string; danger?: boolean; onClick: () => void }

/** Commands behind a button; the arrow keys go through them. `head` stands above them and is no command. */
export function Menu({ opener, items, head }: { opener: (props: Opener & { 'aria-haspopup': 'menu' }) => ReactNode; items: readonly MenuItem[]; head?: ReactNode }) {
  return (
    <Pop className={styles.menu} opener={(props) => opener({ ...props, 'aria-haspopup': 'menu' })}>
      {(close) => <>{head && <><p>{head}</p><hr /></>}<Items items={items} close={close} /></>}
    </Pop>
  )
}

const STEP: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => (at + 1) % count, ArrowUp: (at, count) => (at - 1 + count) % count, Home: () => 0, End: (_, count) => count - 1,
}

function Items({ items, close }: { items: readonly MenuItem[]; close: () => void }) {
  const list = useRef<HTMLDivElement>(null)
  const buttons = () => [...(list.current?.querySelectorAll('button') ?? [])]
  useEffect(() => {
    // Once it is shown: what is hidden takes no focus.
    const frame = requestAnimationFrame(() => list.current?.querySelector('button')?.focus({ preventScroll: true }))
    return () => cancelAnimationFrame(frame)
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    const all = buttons()
    const step = STEP[event.key]
    if (event.key === 'Tab') close()
    if (!step) return
    event.preventDefault()
    event.stopPropagation()
    all[step(all.indexOf(document.activeElement as HTMLButtonElement), all.length)]?.focus()
  }
  return (
    <div role="menu" tabIndex={-1} ref={list} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button key={item.key} type="button" role="menuitem" tabIndex={-1} data-danger={item.danger || undefined} onClick={() => { close(); item.onClick() }}>{item.label}</button>
      ))}
    </div>
  )
}
