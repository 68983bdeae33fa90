import { useTranslation } from 'react-i18next'
import type { Standing, Status } from '@/api/types'
import { formatPoints } from '@/components/format/format'
import styles from './Tags.module.css'

/** The mark of a status: never colour alone. */
export function StatusMark({ status }: { status: Status }) {
  return (
    <svg className={styles[`mark-${status}`]} width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      {status === 'earned' && <rect x="1" y="1" width="8" height="8" rx="1.5" fill="currentColor" />}
      {status === 'pending' && <><circle cx="5" cy="5" r="3.8" fill="none" stroke="currentColor" strokeWidth="1.3" /><path d="M5 1.2a3.8 3.8 0 0 0 0 7.6z" fill="currentColor" /></>}
      {status === 'held' && <path d="M1.8 1h2.4v8H1.8zM5.8 1h2.4v8H5.8z" fill="currentColor" />}
      {status === 'forfeited' && <path d="M2 2l6 6M8 2l-6 6" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />}
      {status === 'paid' && <path d="M1.4 5.4 4 8l4.8-6" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />}
    </svg>
  )
}

export function StatusTag({ status, prefix, bare = false }: { status: Status; prefix?: string; bare?: boolean }) {
  const { t } = useTranslation()
  return (
    <span className={`${bare ? styles.bare : styles.tag} ${styles[status]}`}>
      <StatusMark status={status} />
      {prefix ? `${prefix} ` : ''}{t(`status.${status}`)}
    </span>
  )
}

/** Against pace: behind, on pace, ahead, with the percentage points between. */
export function StandingTag({ standing, points, named = false }: { standing: Standing; points?: string | null; named?: boolean }) {
  const { t } = useTranslation()
  if (standing === 'none') return <span className={styles.none}>{t('standing.none')}</span>
  return (
    <span className={`${styles.tag} ${styles[standing]}`}>
      <StandingMark standing={standing} />
      {t(`standing.${standing}`)}
      {points && standing !== 'on_pace' ? ` ${named ? t('standing.points', { value: formatPoints(points) }) : formatPoints(points)}` : ''}
    </span>
  )
}

export function StandingMark({ standing }: { standing: Standing }) {
  return (
    <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
      {standing === 'behind' && <path d="M0 1h8L4 7.4z" fill="currentColor" />}
      {standing === 'ahead' && <path d="M0 7h8L4 .6z" fill="currentColor" />}
      {standing === 'on_pace' && <circle cx="4" cy="4" r="3" fill="currentColor" />}
    </svg>
  )
}
