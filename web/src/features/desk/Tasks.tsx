import { useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { Banknote, CalendarClock, Check, CircleDashed, CornerDownRight, UserRound, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { requestKey } from '@/api/client'
import type { Desk, Task } from '@/api/desk'
import { LIST_KEY } from '@/api/queries'
import { archiveRecord, createRecord } from '@/api/records'
import { toEdit, toNew } from '@/components/form/address'
import { formatDay, useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { Pop } from '@/components/ui/Pop'
import { Section } from '@/components/ui/Section'
import { Empty, useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { usePhone } from '@/components/ui/useMediaQuery'
import { WhyLink } from '@/components/why/WhyLink'
import styles from './Desk.module.css'

const ICONS: Record<Task['kind'], LucideIcon> = { step: CornerDownRight, past_close: CalendarClock, no_step: CircleDashed, silent_lead: UserRound, payment: Banknote }
const GROUPS: Task['when'][] = ['overdue', 'today', 'coming']
const FIRST = 12

/** What is to be done: overdue, today, coming; within each what is worth most first. */
export function Tasks({ tasks }: { tasks: NonNullable<Desk['tasks']> }) {
  const { t } = useTranslation()
  const { search } = useLocation()
  const phone = usePhone()
  const [all, setAll] = useState(false)
  const shown = all ? tasks.items : tasks.items.slice(0, FIRST)
  return (
    <Section title={t('desk.tasks.title')} note={tasks.total > 0 ? t('desk.tasks.note', { count: tasks.total, overdue: tasks.overdue }) : null} aside={phone ? null : <small>{t('desk.tasks.order')}</small>}>
      {phone && tasks.total > 0 && <p className={styles.quiet}>{t('desk.tasks.order')}</p>}
      {tasks.total === 0 && <Empty title={t('desk.tasks.empty')} action={<Link to={{ search: toNew(search, 'lead') }}>{t('desk.tasks.first_step')}</Link>}>{t('desk.tasks.empty_help')}</Empty>}
      {GROUPS.map((when) => {
        const group = shown.filter((task) => task.when === when)
        return group.length > 0 && (
          <div key={when} role="group" aria-label={t(`desk.when.${when}`)}>
            <h3 className={styles.group} data-when={when}>{t(`desk.when.${when}`)}</h3>
            <ul className={styles.tasks}>{group.map((task) => <Row key={`${task.kind} ${task.record.id} ${task.due_on ?? ''} ${task.step ?? ''}`} task={task} />)}</ul>
          </div>
        )
      })}
      {tasks.items.length > FIRST && !all && <Button type="link" className={styles.all} onClick={() => setAll(true)}>{t('desk.tasks.all', { count: tasks.items.length })}</Button>}
      {all && tasks.total > tasks.items.length && <p className={styles.quiet}>{t('desk.tasks.rest', { count: tasks.total - tasks.items.length })}</p>}
    </Section>
  )
}

function Row({ task }: { task: Task }) {
  const { t } = useTranslation()
  const format = useFormat()
  const Icon = ICONS[task.kind]
  const late = task.when === 'overdue'
  const day = task.due_on ? (late ? t('desk.late', { count: task.late_days }) : task.when === 'today' ? t('record.next.today') : formatDay(task.due_on)) : task.kind === 'silent_lead' ? t('desk.silent', { count: task.late_days }) : ''
  return (
    <li className={styles.task} data-kind={task.kind}>
      <Icon size={15} aria-hidden className={styles.taskIcon} data-late={late} />
      <div className={styles.what}>
        <p className={styles.step}><bdi>{said(task, t)}</bdi></p>
        <p className={styles.whom}><Link to={`/records/${task.record.type}/${task.record.id}`}><bdi>{task.name}</bdi></Link>{task.account && task.account !== task.name && <small><bdi>{task.account}</bdi></small>}</p>
      </div>
      <div className={styles.worth}>
        <span data-late={late}>{day}</span>
        {task.worth && task.worth.value !== '0.00' ? <small>{t('desk.worth')} <WhyLink url={task.worth.why}>{format.whole(task.worth.value ?? '0', task.worth.currency)}</WhyLink></small> : task.amount && <small>{format.round(task.amount.amount, task.amount.currency, true)}</small>}
      </div>
      <Action task={task} />
    </li>
  )
}

type T = ReturnType<typeof useTranslation>['t']

/** What is to be done, in words: what somebody wrote down, else why the row is here. */
function said(task: Task, t: T): string {
  switch (task.kind) {
    case 'past_close': return task.step ? t('desk.task.past_close_step', { step: task.step }) : t('desk.task.past_close')
    case 'no_step': return t('desk.task.no_step')
    case 'silent_lead': return t('desk.task.silent_lead')
    case 'payment': return task.step ? t('desk.task.payment_named', { name: task.step }) : t('desk.task.payment')
    default: return task.step ?? ''
  }
}

/** One thing to do at each row. A step is done by logging what was done: the same record as everywhere. */
function Action({ task }: { task: Task }) {
  const { t } = useTranslation()
  const { search } = useLocation()
  const about: Record<string, string> = task.record.type === 'opportunity' ? { opportunity_id: task.record.id, ...(task.account_id ? { account_id: task.account_id } : {}) } : task.record.type === 'lead' ? { lead_id: task.record.id } : { account_id: task.record.id }
  switch (task.kind) {
    case 'step': return <Done task={task} about={about} />
    case 'past_close': return <Link className={styles.button} to={{ search: toEdit(search, 'opportunity', task.record.id) }} preventScrollReset>{t('desk.action.date')}</Link>
    case 'payment': return <Link className={styles.button} to={`/records/contract/${task.record.id}`}>{t('desk.action.open')}</Link>
    case 'silent_lead': return <Link className={styles.button} to={{ search: toNew(search, 'activity', { ...about, activity_kind: 'call' }) }} preventScrollReset>{t('desk.action.call')}</Link>
    default: return <Link className={styles.button} to={{ search: toNew(search, 'activity', about) }} preventScrollReset>{t('desk.action.plan')}</Link>
  }
}

const KINDS = ['call', 'visit', 'message', 'demo', 'meeting'] as const

/** Says what it was: that is logged, and with it the step is done. */
function Done({ task, about }: { task: Task; about: Record<string, string> }) {
  const { t } = useTranslation()
  const toast = useToast()
  const text = useErrorText()
  const queryClient = useQueryClient()
  const { search } = useLocation()
  const [busy, setBusy] = useState(false)
  const refresh = () => Promise.all(['desk', 'record', LIST_KEY].map((key) => queryClient.invalidateQueries({ queryKey: [key], refetchType: 'active' })))
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      toast({ title: text(error), tone: 'behind' })
    }
    await refresh()
  }
  const log = async (kind: string) => {
    setBusy(true)
    await attempt(async () => {
      const { data, etag } = await createRecord('activity', { kind, subject: task.step || t(`record.word.${kind}`), ...about }, requestKey())
      toast({ title: t('desk.done', { name: task.name }), action: { label: t('record.undo'), run: () => void attempt(() => archiveRecord('activity', data.id, etag)) } })
    })
    setBusy(false)
  }
  return (
    <Pop opener={(props) => <button type="button" {...props} className={styles.button} disabled={busy} aria-label={t('desk.action.done_of', { step: task.step ?? '', name: task.name })}><Check size={14} aria-hidden />{t('desk.action.done')}</button>}>
      {(close) => (
        <div className={styles.kinds}>
          <p>{t('desk.done_how')}</p>
          <div>{KINDS.map((kind) => <Button key={kind} onClick={() => { close(); void log(kind) }}>{t(`record.word.${kind}`)}</Button>)}</div>
          <Link to={{ search: toNew(search, 'activity', about) }} preventScrollReset onClick={close}>{t('desk.done_more')}</Link>
        </div>
      )}
    </Pop>
  )
}
