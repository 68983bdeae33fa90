import type { ReactNode } from 'react'
import { Link, useLocation } from 'react-router'
import { useTranslation } from 'react-i18next'
import type { Figure, RecordRef } from '@/api/types'
import { useFormat } from '@/components/format/format'
import { withRecord, withWhy } from './address'
import styles from './WhyLink.module.css'

/** A number that answers the question why. Without an address it is plain text. `nested` stands inside an explanation: the drawer then leads back. */
export function WhyLink({ url, children, className = '', nested = false }: { url: string | null | undefined; children: ReactNode; className?: string; nested?: boolean }) {
  const { search } = useLocation()
  const { t } = useTranslation()
  if (!url) return <span className={className}>{children}</span>
  return (
    <Link to={{ search: withWhy(search, url) }} state={nested ? { nested } : undefined} preventScrollReset className={`${styles.why} ${className}`} title={t('why.open')} data-why={url}>
      {children}
    </Link>
  )
}

/** A figure in its unit, as a link to its explanation. */
export function FigureLink({ figure, symbol = true, cents = true, className }: { figure: Figure | null | undefined; symbol?: boolean; cents?: boolean; className?: string }) {
  const format = useFormat()
  if (!figure) return <span className={styles.none}>—</span>
  const text = !cents && figure.unit === 'money' && figure.value != null
    ? format.round(figure.value, figure.currency, symbol)
    : format.value(figure.value, figure.unit, figure.currency, symbol)
  return <WhyLink url={figure.why} className={className}>{text}</WhyLink>
}

/** Opens a record in the drawer, over what is there. */
export function RecordLink({ record, children, className = '' }: { record: RecordRef | null | undefined; children: ReactNode; className?: string }) {
  const { search } = useLocation()
  if (!record) return <span className={className}>{children}</span>
  return <Link to={{ search: withRecord(search, record) }} preventScrollReset className={`${styles.record} ${className}`}>{children}</Link>
}
