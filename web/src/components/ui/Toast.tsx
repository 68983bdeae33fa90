import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from 'react'
import styles from './Toast.module.css'

/** `action` is offered as long as the message stands: undo. */
export interface ToastText { title: string; detail?: string; tone?: 'ahead' | 'behind'; action?: { label: string; run: () => void } }
interface Shown extends ToastText { id: number }
const MAX_SHOWN = 3
const SHOWN_MS = 6000
/** Long enough to be read and reached with the keyboard. */
const ACTION_MS = 12_000

const ToastContext = createContext<(toast: ToastText) => void>(() => undefined)
export const useToast = () => use(ToastContext)

/** Quiet messages at the bottom; read out, never in the way, gone by themselves. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Shown[]>([])
  const next = useRef(0)
  const show = useCallback((toast: ToastText) => {
    const id = next.current++
    setToasts((before) => [...before, { ...toast, id }].slice(-MAX_SHOWN))
    setTimeout(() => setToasts((before) => before.filter((shown) => shown.id !== id)), toast.action ? ACTION_MS : SHOWN_MS)
  }, [])
  const list = useMemo(() => toasts.map((toast) => (
    <li key={toast.id} data-tone={toast.tone}><strong>{toast.title}</strong>{toast.detail && <span>{toast.detail}</span>}
      {toast.action && <button type="button" onClick={() => { setToasts((before) => before.filter((shown) => shown.id !== toast.id)); toast.action?.run() }}>{toast.action.label}</button>}
    </li>
  )), [toasts])
  return (
    <ToastContext value={show}>
      {children}
      <div role="status" aria-live="polite" className={styles.region}><ul className={styles.list}>{list}</ul></div>
    </ToastContext>
  )
}
