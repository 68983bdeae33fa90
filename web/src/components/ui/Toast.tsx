import { createContext, use, useCallback, useEffect, useEffectEvent, useMemo, useRef, useState, type ReactNode } from 'react'
import styles from './Toast.module.css'
import { isTyping } from './typing'

/** What a message offers: to take back what was done, or where it leads, to go on. */
interface Action { label: string; run: () => void; leads?: true }
/** `action` is offered as long as the message stands. */
export interface ToastText { title: string; detail?: string; tone?: 'ahead' | 'behind'; action?: Action }
interface Shown extends ToastText { id: number }
const MAX_SHOWN = 3
const SHOWN_MS = 6000
/** Long enough to be read and reached with the keyboard. */
const ACTION_MS = 12_000
/** A message that is pointed at, or has the focus, stays; it is looked again so often. */
const STAYS_MS = 1500
/** Goes to the newest message that offers something, as in other web programs; Ctrl/Cmd-Z takes back without going there. */
const GO_KEY = 'F8'

const ToastContext = createContext<(toast: ToastText) => void>(() => undefined)
export const useToast = () => use(ToastContext)

/** Quiet messages at the bottom; read out, never in the way, gone by themselves. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Shown[]>([])
  const next = useRef(0)
  const region = useRef<HTMLDivElement>(null)
  const remove = useCallback((id: number) => setToasts((before) => before.filter((shown) => shown.id !== id)), [])
  const show = useCallback((toast: ToastText) => {
    const id = next.current++
    const leave = () => {
      const item = region.current?.querySelector(`[data-toast="${id}"]`)
      if (item?.matches(':hover, :focus-within')) setTimeout(leave, STAYS_MS)
      else remove(id)
    }
    setToasts((before) => [...before, { ...toast, id }].slice(-MAX_SHOWN))
    setTimeout(leave, toast.action ? ACTION_MS : SHOWN_MS)
  }, [remove])
  const { back, onKeyDown } = useToastKeys(region, toasts, remove)
  const list = useMemo(() => toasts.map((toast) => (
    <li key={toast.id} data-tone={toast.tone} data-toast={toast.id}><strong>{toast.title}</strong>{toast.detail && <span>{toast.detail}</span>}
      {toast.action && <button type="button" title={GO_KEY} aria-keyshortcuts={toast.action.leads ? GO_KEY : `${GO_KEY} Control+Z Meta+Z`} onClick={() => { back(); remove(toast.id); toast.action?.run() }}>{toast.action.label}</button>}
    </li>
  )), [toasts, remove, back])
  return (
    <ToastContext value={show}>
      {children}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape leaves the messages */}
      <div role="status" aria-live="polite" className={styles.region} ref={region} onKeyDown={onKeyDown}><ul className={styles.list}>{list}</ul></div>
    </ToastContext>
  )
}

/** The messages by the keyboard; who came from somewhere is brought back there. */
function useToastKeys(region: React.RefObject<HTMLDivElement | null>, toasts: readonly Shown[], remove: (id: number) => void) {
  const from = useRef<HTMLElement | null>(null)
  const back = useCallback(() => {
    if (from.current?.isConnected && region.current?.contains(document.activeElement)) from.current.focus()
    from.current = null
  }, [region])
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const newest = toasts.findLast(({ action }) => action)
    if (!newest?.action || event.defaultPrevented || event.altKey || event.shiftKey) return
    const control = event.ctrlKey || event.metaKey
    if (event.key === GO_KEY && !control) {
      event.preventDefault()
      if (!region.current?.contains(document.activeElement)) from.current = document.activeElement instanceof HTMLElement ? document.activeElement : null
      region.current?.querySelector<HTMLElement>(`[data-toast="${newest.id}"] button`)?.focus()
    } else if (event.key.toLowerCase() === 'z' && control && !newest.action.leads && !isTyping(event.target) && !document.querySelector('dialog[open]')) {
      event.preventDefault()
      back()
      remove(newest.id)
      newest.action.run()
    }
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    back()
  }
  return { back, onKeyDown }
}
