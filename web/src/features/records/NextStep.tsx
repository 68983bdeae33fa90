import { useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleDashed, CornerDownRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { useMe } from '@/api/queries'
import { recordQueries, type RecordData } from '@/api/records'
import type { RecordDetail } from '@/api/types'
import { toNew } from '@/components/form/address'
import { formatDate } from '@/components/format/format'
import { activitiesBy, activityOf, mayEdit, takesActivities } from './kinds'
import styles from './RecordActions.module.css'

interface Activity { id: string; next_step: string | null; next_step_on: string | null; happened_on: string }

/** What is to be done next: the newest activity says it; what it says is done once a later one is logged. */
export function openStep(activities: readonly Activity[], ownStep: string): { text: string; on: string | null } | null {
  const newest = activities.reduce<Activity | null>((last, one) => (last === null || one.happened_on > last.happened_on ? one : last), null)
  if (newest?.next_step) return { text: newest.next_step, on: newest.next_step_on }
  return ownStep ? { text: ownStep, on: null } : null
}

export function NextStep({ record, view }: { record: RecordDetail; view: RecordData | undefined }) {
  const { t } = useTranslation()
  const me = useMe()
  const { search } = useLocation()
  const { data } = useQuery({ ...recordQueries.activities(activitiesBy(record.type, record.id)), enabled: takesActivities(record.type), retry: false })
  if (!takesActivities(record.type) || !data || view?.archived) return null
  const closed = view?.status === 'won' || view?.status === 'lost' || view?.status === 'converted' || view?.status === 'closed'
  const step = openStep(data, typeof view?.next_step === 'string' ? view.next_step : '')
  if (closed && !step) return null
  const account = record.fields.find(({ key }) => key === 'account')?.record?.id
  const late = step?.on != null && step.on < me.company.today
  const due = step?.on == null ? null : late ? t('record.next.late', { date: formatDate(step.on) }) : step.on === me.company.today ? t('record.next.today') : t('record.next.due', { date: formatDate(step.on) })
  const Mark = late ? CircleAlert : step ? CornerDownRight : CircleDashed
  return (
    <section className={styles.next} data-late={late} aria-label={t('record.next.title')}>
      <h3>{t('record.next.title')}</h3>
      <div>
        <p><Mark size={15} aria-hidden /><span><bdi>{step ? step.text : t('record.next.none')}</bdi>{due && <small>{due}</small>}</span></p>
        {mayEdit(me, 'activity') && <Link className={styles.button} to={{ search: toNew(search, 'activity', activityOf(record.type, record.id, account)) }} preventScrollReset>{t(step ? 'record.next.done' : 'record.next.plan')}</Link>}
      </div>
    </section>
  )
}
