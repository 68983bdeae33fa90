import { day, field, joined, moment, text } from '@/components/list/cells'
import type { Activity, ListKind } from '@/components/list/model'
import styles from './Activities.module.css'

const KINDS = ['call', 'visit', 'demo', 'message', 'meeting'] as const

export const activityList: ListKind<Activity> = {
  kind: 'activities', type: 'activity', sort: '-happened_at', archives: true,
  title: (activity) => activity.subject ?? '',
  bulk: { keys: ['owner_id', 'kind', 'outcome'], fields: () => import('./ActivityForm').then((module) => module.FIELDS) },
  columns: [
    field('subject', 200, (activity) => activity.subject, { grow: 3 }),
    { id: 'activity_kind', min: 64, initial: true, cell: (activity, { t }) => t(`list.word.activity.${activity.kind}`) },
    field('account', 150, (activity, { name }) => name(activity.account_id), { grow: 2, initial: true }),
    field('deal', 150, (activity, { name }) => name(activity.opportunity_id), { grow: 2 }),
    field('owner', 80, (activity, { name }) => name(activity.owner_id), { initial: true }),
    { id: 'happened_at', min: 100, numeric: true, down: true, sort: 'happened_at', initial: true, cell: (activity, around) => moment(activity.happened_at, around) },
    { id: 'effective', min: 72, initial: true, cell: (activity, { t }) => (activity.effective ? <span className={styles.yes}>{t('list.effective')}</span> : text(null)) },
    field('outcome', 140, (activity) => activity.outcome),
    field('next_step', 150, (activity) => activity.next_step, { grow: 2, initial: true }),
    day('next_step_on', (activity) => activity.next_step_on),
    field('place', 120, (activity) => activity.place),
    { id: 'minutes', min: 64, numeric: true, cell: (activity) => activity.minutes ?? text(null) },
  ],
  filters: [
    { type: 'owner', param: 'owner_id', inline: true },
    { type: 'team', param: 'team_id', inline: true },
    { type: 'choice', param: 'kind', words: KINDS, set: 'activity', inline: true },
    { type: 'dates', param: 'happened' },
    { type: 'record', param: 'account_id' },
    { type: 'record', param: 'contact_id' },
    { type: 'record', param: 'opportunity_id' },
    { type: 'record', param: 'lead_id' },
  ],
  card: (activity, around) => ({
    title: activity.subject,
    second: joined(around.t(`list.word.activity.${activity.kind}`), around.name(activity.account_id), around.name(activity.owner_id)),
    end: null,
    endSecond: moment(activity.happened_at, around),
  }),
}
