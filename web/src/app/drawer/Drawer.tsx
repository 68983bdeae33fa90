import { lazy, Suspense, useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react'
import { ArrowLeft, Maximize2, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useNavigate } from 'react-router'
import { BoneRows } from '@/components/ui/States'
import { isTyping } from '@/components/ui/typing'
import { useDrawer } from '@/components/why/address'
import { useStepping } from './useStepping'
import styles from './Drawer.module.css'

const WhyView = lazy(() => import('./WhyView').then((module) => ({ default: module.WhyView })))
const RecordView = lazy(() => import('@/features/records/RecordView').then((module) => ({ default: module.RecordView })))

/** The one drawer: why a number is what it is, and the records below it. Its state is the address. */
export function Drawer() {
  const drawer = useDrawer()
  const { t } = useTranslation()
  const panel = useRef<HTMLElement>(null)
  const opener = useRef<Element | null>(null)
  const isOpen = drawer.why !== null || drawer.record !== null
  const stepping = useStepping(drawer)

  // The focus goes in when it opens and back to the figure when it closes, in the same frame: no key gets lost between.
  useLayoutEffect(() => {
    if (!isOpen) return
    opener.current = document.activeElement
    panel.current?.focus({ preventScroll: true })
    return () => { if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus({ preventScroll: true }) }
  }, [isOpen])

  // One step deeper the button that led there is gone: the focus stays in the drawer.
  const shown = `${drawer.why ?? ''} ${drawer.record?.id ?? ''}`
  useLayoutEffect(() => { if (isOpen && document.activeElement === document.body) panel.current?.focus({ preventScroll: true }) }, [isOpen, shown])

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('dialog[open]')) return
    const key = event.key.toLowerCase()
    if (event.key === 'Escape' && isOpen) drawer.close()
    else if (key === 'j' && !drawer.record) stepping.step(1)
    else if (key === 'k' && !drawer.record) stepping.step(-1)
    else return
    event.preventDefault()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event)
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])

  const { search, pathname, state } = useLocation() as { search: string; pathname: string; state: { nested?: boolean } | null }
  const navigate = useNavigate()
  if (!isOpen) return null
  return (
    <aside className={styles.drawer} ref={panel} tabIndex={-1} aria-label={t(drawer.record ? 'record.title' : 'why.title')} data-testid="drawer" key={pathname}>
      <div className={styles.bar}>
        {drawer.record && drawer.why
          ? <button type="button" className={styles.button} onClick={drawer.closeRecord}><ArrowLeft size={14} aria-hidden />{t('why.back')}</button>
          : drawer.why && state?.nested
            ? <button type="button" className={styles.button} onClick={() => void navigate(-1)}><ArrowLeft size={14} aria-hidden />{t('why.back')}</button>
            : <span className={styles.kicker}>{t(drawer.record ? 'record.title' : 'why.title')}</span>}
        <span className={styles.steps}>
          {!drawer.record && stepping.many && (
            <>
              <button type="button" className={styles.button} onClick={stepping.previous} disabled={!stepping.previous}>{t('why.previous')}<kbd>K</kbd></button>
              <button type="button" className={styles.button} onClick={stepping.next} disabled={!stepping.next}>{t('why.next')}<kbd>J</kbd></button>
            </>
          )}
          {drawer.record && (
            <Link className={styles.icon} to={`/records/${drawer.record.type}/${drawer.record.id}`} state={{ from: pathname + search }} aria-label={t('record.open_page')} title={t('record.open_page')}><Maximize2 size={14} aria-hidden /></Link>
          )}
          <button type="button" className={styles.icon} onClick={drawer.close} aria-label={t('action.close')}><X size={16} aria-hidden /></button>
        </span>
      </div>
      <Suspense fallback={<div className={styles.loading}><BoneRows rows={7} /></div>}>
        {drawer.record ? <RecordView {...drawer.record} inDrawer /> : drawer.why && <WhyView url={drawer.why} openRecord={drawer.openRecord} />}
      </Suspense>
    </aside>
  )
}

