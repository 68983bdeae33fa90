import { useDeferredValue, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries, useMe } from '@/api/queries'
import { Select } from '@/components/antd/Select'
import { Fields, Labelled } from '@/components/form/Labelled'
import { ChipsControl, TextControl } from '@/components/form/controls'
import { PERIODS, problemAt, ROUNDINGS, type PlanForm } from './planModel'
import type { Check } from './PlanEditor'
import styles from './Editor.module.css'

interface Props { form: PlanForm; set: (part: Partial<PlanForm>) => void; mistakes: Check['mistakes']; isNew: boolean }

const ROLES = ['rep', 'manager', 'director'] as const

/** Who is on the plan, from when, reckoned by what. */
export function WhoFields({ form, set, mistakes, isNew }: Props) {
  const { t } = useTranslation()
  const { data: teams = [] } = useQuery(queries.teams())
  const text = (key: 'id' | 'zh' | 'en' | 'from' | 'to', type = 'text') => ({ id: `plan-${key}`, label: t(`setup.plans.field.${key}`), value: form[key], change: (value: string) => set({ [key]: value }), type, invalid: problemAt(mistakes, `/${key}`) !== undefined })
  const field = (key: 'id' | 'zh' | 'en' | 'from' | 'to') => ({ id: `plan-${key}`, label: t(`setup.plans.field.${key}`), problem: problemAt(mistakes, key === 'zh' || key === 'en' ? '/name' : `/${key}`) })
  return (
    <>
      <h2 className={styles.title}>{t('setup.plans.who')}</h2>
      <Fields>
        <Labelled {...field('zh')} half required><TextControl {...text('zh')} /></Labelled>
        <Labelled {...field('en')} half><TextControl {...text('en')} /></Labelled>
        {isNew && <Labelled {...field('id')} help={t('setup.plans.id_help')} required><TextControl {...text('id')} /></Labelled>}
        <Labelled {...field('from')} half required><TextControl {...text('from', 'date')} /></Labelled>
        <Labelled {...field('to')} half><TextControl {...text('to', 'date')} /></Labelled>
        <Labelled id="plan-period" label={t('setup.plans.field.period')} problem={problemAt(mistakes, '/period')}><ChipsControl id="plan-period" label={t('setup.plans.field.period')} value={form.period} change={(period) => set({ period })} options={PERIODS.map((value) => ({ value, label: t(`period.kind.${value}`) }))} /></Labelled>
        <Labelled id="plan-roles" label={t('setup.plans.field.roles')} problem={mistakes.find(({ pointer }) => pointer === '/who')?.detail}><Select id="plan-roles" mode="tags" className={styles.full} value={[...form.roles]} options={ROLES.map((value) => ({ value, label: t(`setup.plans.roles.${value}`) }))} onChange={(roles: string[]) => set({ roles })} /></Labelled>
        <Labelled id="plan-teams" label={t('setup.plans.field.teams')} help={t('setup.plans.teams_help')} problem={problemAt(mistakes, '/who/teams')}><Select id="plan-teams" mode="multiple" className={styles.full} value={[...form.teams]} options={teams.map(({ path }) => ({ value: path, label: path }))} onChange={(next: string[]) => set({ teams: next })} /></Labelled>
        <Labelled id="plan-people" label={t('setup.plans.field.people')} help={t('setup.plans.people_help')} problem={problemAt(mistakes, '/who/people')}><PeopleSelect value={form.people} change={(people) => set({ people })} /></Labelled>
      </Fields>
    </>
  )
}

/** People by the key that a plan's file names them by. */
function PeopleSelect({ value, change }: { value: readonly string[]; change: (people: string[]) => void }) {
  const me = useMe()
  const [typed, setTyped] = useState('')
  const { data } = useQuery(queries.people(useDeferredValue(typed.trim())))
  const [names, setNames] = useState<Readonly<Record<string, string>>>({})
  const options = (data?.items ?? []).flatMap((person) => { const key = person.external_id ?? person.email; return key ? [{ value: key, label: person.name }] : [] })
  const shown = [...options, ...value.filter((key) => !options.some((option) => option.value === key)).map((key) => ({ value: key, label: names[key] ?? key }))]
  return <Select id="plan-people" mode="multiple" className={styles.full} value={[...value]} options={shown} showSearch={{ filterOption: false, onSearch: setTyped }} onChange={(people: string[]) => { setNames({ ...names, ...Object.fromEntries(shown.map((option) => [option.value, option.label])) }); change(people) }} disabled={!me.permissions.includes('publish_plans')} />
}

export function RoundingFields({ form, set }: { form: PlanForm; set: (part: Partial<PlanForm>) => void }) {
  const { t } = useTranslation()
  return (
    <>
      <h2 className={styles.title}>{t('setup.plans.rounding')}</h2>
      <ChipsControl id="plan-rounding" label={t('setup.plans.rounding')} value={form.rounding} change={(rounding) => set({ rounding })} options={ROUNDINGS.map((value) => ({ value, label: t(`setup.plans.roundings.${value}`) }))} />
    </>
  )
}
