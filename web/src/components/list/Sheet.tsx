import { useLayoutEffect, useRef, type ReactNode } from 'react'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import styles from './Sheet.module.css'

/** A question over the page: from below on the phone, in the middle on a desk, `side` at its right. Esc and a click beside it close. */
export function Sheet({ title, close, children, foot, side = false }: { title: string; close: () => void; children: ReactNode; foot?: ReactNode; side?: boolean }) {
  const { t } = useTranslation()
  const dialog = useRef<HTMLDialogElement>(null)
  // A list that opens under the pointer ends a click elsewhere than where it began: that is no click beside the panel.
  const pressed = useRef<EventTarget>(null)
  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- a click beside the panel closes; Esc does it by keyboard
    <dialog ref={dialog} className={`${styles.dialog} ${side ? styles.side : ''}`} onCancel={(event) => { event.preventDefault(); close() }} onMouseDown={(event) => { pressed.current = event.target }} onClick={(event) => { if (event.target === dialog.current && pressed.current === dialog.current) close() }} aria-label={title}>
      <div className={styles.panel}>
        <header className={styles.head}><h2>{title}</h2><button type="button" onClick={close} aria-label={t('action.close')}><X size={18} aria-hidden /></button></header>
        <div className={styles.body}>{children}</div>
        {foot && <footer className={styles.foot}>{foot}</footer>}
      </div>
    </dialog>
  )
}
