import { useQuery } from '@tanstack/react-query'
import { ChevronRight, CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { deskQueries, type Waiting as Item } from '@/api/desk'
import { useMe } from '@/api/queries'
import type { Me } from '@/api/types'
import { useFormat } from '@/components/format/format'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import { Section } from '@/components/ui/Section'
import styles from './Desk.module.css'

type Permission = Me['permissions'][number]

/** The lists of who has no deals of their own. */
const LISTS: { to: string; label: string; any: Permission[] }[] = [
  { to: '/contracts', label: 'menu.contracts', any: ['edit_contracts', 'view_audit'] },
  { to: '/opportunities', label: 'menu.opportunities', any: ['edit_sales', 'view_audit'] },
  { to: '/accounts', label: 'menu.customers', any: ['edit_sales', 'view_audit'] },
  { to: '/team', label: 'menu.team', any: ['view_team'] },
  { to: '/plans', label: 'menu.plans', any: ['view_plans'] },
  { to: '/metrics', label: 'menu.metrics', any: ['view_metrics'] },
  { to: '/settings', label: 'menu.settings', any: [] },
]

/** Where each kind of what waits is dealt with. */
const PLACES: Record<string, string> = { overdue_payments: '/contracts', missing_targets: '/team', without_plan: '/plans', without_team: '/settings', unowned_leads: '/leads' }

/** What waits for who keeps the company running; the way to their lists. */
export function Waiting() {
  const { t } = useTranslation()
  const me = useMe()
  const { data, error, refetch } = useQuery(deskQueries.waiting())
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  const waits = data?.filter(({ count }) => count > 0) ?? []
  const lists = LISTS.filter(({ any }) => any.length === 0 || any.some((one) => me.permissions.includes(one)))
  return (
    <div className={styles.waiting}>
      {!data && <BoneRows rows={5} />}
      {data && waits.length === 0 && <Empty title={t('desk.waiting.none')}>{t('desk.waiting.none_help')}</Empty>}
      {waits.map((item) => <Kind key={item.kind} item={item} />)}
      {data?.filter(({ count }) => count === 0).map(({ kind }) => waits.length > 0 && <p key={kind} className={styles.closed}><CircleCheck size={15} aria-hidden />{t(`desk.waiting.done.${kind}`)}</p>)}
      <Section title={t('desk.waiting.lists')} className={styles.lists}>
        <ul>{lists.map(({ to, label }) => <li key={to}><Link to={to}>{t(label)}<ChevronRight size={14} aria-hidden /></Link></li>)}</ul>
      </Section>
    </div>
  )
}

function Kind({ item }: { item: Item }) {
  const { t } = useTranslation()
  const format = useFormat()
  const rest = item.count - item.rows.length
  return (
    <Section title={t(`desk.waiting.kind.${item.kind}`, { count: item.count })} note={item.amount ? format.round(item.amount.amount, item.amount.currency, true) : null} aside={<Link to={PLACES[item.kind] ?? '/'}>{t(`desk.waiting.act.${item.kind}`)}</Link>}>
      <ul className={styles.facts}>
        {item.rows.map((row, index) => (
          <li key={row.record?.id ?? row.person_id ?? index}>
            <span>{row.record ? <Link to={`/records/${row.record.type}/${row.record.id}`}>{row.name}</Link> : row.name}{row.late_days != null && <small data-late="true">{t('desk.late', { count: row.late_days })}</small>}</span>
            {row.amount && <b>{format.round(row.amount.amount, row.amount.currency)}</b>}
          </li>
        ))}
      </ul>
      {rest > 0 && item.rows.length > 0 && <Link className={styles.rest} to={PLACES[item.kind] ?? '/'}>{t('desk.waiting.rest', { count: rest })}</Link>}
    </Section>
  )
}
