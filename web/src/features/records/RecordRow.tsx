import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { RecordRef } from '@/api/types'
import { RecordLink } from '@/components/why/WhyLink'
import { formatDate } from '@/components/format/format'
import styles from './RecordView.module.css'

/** The way to another record: on a page to its page, in the drawer into the drawer. */
export function To({ record, inDrawer, children, className }: { record: RecordRef; inDrawer: boolean; children: ReactNode; className?: string }) {
  return inDrawer
    ? <RecordLink record={record} className={className}>{children}</RecordLink>
    : <Link to={`/records/${record.type}/${record.id}`} className={className}>{children}</Link>
}

/** One record in a list: when, what, and how much. */
export function RecordRow({ record, name, note, date, amount, inDrawer }: { record: RecordRef; name: string; note?: string | null; date?: string | null; amount?: string | null; inDrawer: boolean }) {
  return (
    <To record={record} inDrawer={inDrawer} className={styles.related}>
      {date && <time dateTime={date}>{formatDate(date)}</time>}
      <span>{name}</span>
      {note && <small>{note}</small>}
      {amount && <b>{amount}</b>}
    </To>
  )
}
