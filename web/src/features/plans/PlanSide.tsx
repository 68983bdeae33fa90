import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries, useMe } from '@/api/queries'
import type { Plan, PlanPerson } from '@/api/types'
import { formatDate } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { BoneRows } from '@/components/ui/States'
import styles from './PlanPage.module.css'

const FIRST = 12

/** When it holds, who is on it, what came before. */
export function PlanSide({ plan }: { plan: Plan }) {
  const { t } = useTranslation()
  const facts = [
    [t('plans.from'), formatDate(plan.from)], [t('plans.to'), plan.to ? formatDate(plan.to) : t('plans.open_end')],
    [t('plans.period'), t(`period.kind.${plan.period}`)], [t('plans.currency'), plan.currency],
    [t('plans.published'), [plan.published_at && formatDate(plan.published_at), plan.published_by].filter(Boolean).join(' · ') || '—'],
  ]
  return (
    <aside className={styles.side}>
      <dl className={styles.facts}>{facts.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>
      <People plan={plan} />
      <h3>{t('plans.versions')}</h3>
      <ul className={styles.versions}>
        {plan.versions.map((version) => (
          <li key={version.version}>
            <Link to={{ search: `?version=${version.version}` }} replace aria-current={version.version === plan.version ? 'true' : undefined}>{t('version.nth', { version: version.version })}</Link>
            <span>{t('version.since', { date: formatDate(version.from) })}</span>
          </li>
        ))}
      </ul>
    </aside>
  )
}

function People({ plan }: { plan: Plan }) {
  const { t } = useTranslation()
  const me = useMe()
  const [all, setAll] = useState(false)
  const { data, error } = useQuery({ ...queries.planPeople(plan.id), retry: false })
  const link = (person: PlanPerson) => (person.id === me.person?.id ? '/pay' : me.pay_grant ? `/pay/${person.id}` : null)
  const team = (person: PlanPerson) => (typeof person.team === 'string' ? person.team : person.team?.name)
  // Who may not see the names still sees how many they are.
  return (
    <>
      <h3>{t('plans.on_it')}<span>{t('plans.people_count', { count: plan.people })}</span></h3>
      {!data && !error && <BoneRows rows={4} height={28} />}
      <ul className={styles.people}>
        {data?.slice(0, all ? undefined : FIRST).map((person) => {
          const to = link(person)
          return <li key={person.id}>{to ? <Link to={to}>{person.name}</Link> : <span>{person.name}</span>}<small>{team(person)}</small></li>
        })}
      </ul>
      {data && data.length > FIRST && !all && <Button type="link" size="small" className={styles.more} onClick={() => setAll(true)}>{t('plans.all_people', { count: data.length })}</Button>}
    </>
  )
}
