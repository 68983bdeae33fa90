import { useQuery } from '@tanstack/react-query'
import { Pin } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { recordQueries } from '@/api/records'
import styles from './Desk.module.css'

/** As many as stand in a line or two. */
const SHOWN = 10

/** What somebody keeps at hand. */
export function Pins() {
  const { t } = useTranslation()
  const { data } = useQuery(recordQueries.pins())
  if (!data || data.length === 0) return null
  return (
    <nav className={styles.pins} aria-label={t('desk.pinned')} data-testid="pins">
      <Pin size={14} aria-hidden />
      {data.slice(0, SHOWN).map((pin) => <Link key={`${pin.record_type} ${pin.id}`} to={`/records/${pin.record_type}/${pin.id}`} title={`${pin.type_name} ${pin.title}`}><small>{pin.type_name}</small><bdi>{pin.title}</bdi></Link>)}
    </nav>
  )
}
