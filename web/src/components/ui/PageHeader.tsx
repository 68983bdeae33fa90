import { createContext, use, useEffect, type ReactNode } from 'react'
import { ArrowLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { createPortal } from 'react-dom'
import styles from './PageHeader.module.css'

/** The place in the top bar where a page puts its title and filters. */
export const HeaderSlot = createContext<HTMLElement | null>(null)

/** `back` is the page above this one. */
export function PageHeader({ title, back, children }: { title: string; back?: string; children?: ReactNode }) {
  const { t } = useTranslation()
  const slot = use(HeaderSlot)
  useEffect(() => { document.title = `${title} · Qiao` }, [title])
  if (!slot) return null
  return createPortal(
    <>
      {back && <Link to={back} className={styles.back} aria-label={t('action.back')} title={t('action.back')}><ArrowLeft size={16} aria-hidden /></Link>}
      <h1>{title}</h1>
      {children && <div className={styles.filters}>{children}</div>}
    </>,
    slot,
  )
}
