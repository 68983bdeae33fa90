import { lazy, Suspense, type ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { useMe } from '@/api/queries'
import { Select } from '@/components/antd/soon'
import { ratioOf } from '@/components/format/decimal'
import { useFormat } from '@/components/format/format'
import { valueOf } from '@/components/list/address'
import type { Filter, Lookups } from '@/components/list/model'
import { PageHeader } from '@/components/ui/PageHeader'
import { Bone, Empty, ErrorState } from '@/components/ui/States'
import { useFilters } from '@/components/ui/paramsState'
import { usePhone } from '@/components/ui/useMediaQuery'
import { FigureLink } from '@/components/why/WhyLink'
import { daysBefore, funnel, LOOKS, TIMES, type Funnel, type FunnelStage } from './funnel'
import { pipelines } from './pipelines'
import board from './Board.module.css'
import styles from './Funnel.module.css'

const FilterBar = lazy(() => import('@/components/list/FilterBar').then((module) => ({ default: module.FilterBar })))

const PIPELINE: Filter = { type: 'lookup', param: 'pipeline_id', inline: true }
const TEAM: Filter = { type: 'team', param: 'team_id', inline: true }
const OWNER: Filter = { type: 'owner', param: 'owner_id', inline: true }

/** How many deals entered each stage, and how many of them went on in time; beside what stands there now. */
export function FunnelScreen({ lead, lookups }: { lead: ReactNode; lookups: Lookups }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const { today } = useMe().company
  const [params, set] = useFilters()
  const { data: known, error: unknown } = useQuery(pipelines())
  const pipeline = known?.find(({ id }) => id === params.get('pipeline_id')) ?? known?.[0]
  const look = LOOKS.find((one) => String(one) === params.get('look')) ?? 90
  const time = TIMES.find((one) => String(one) === params.get('days')) ?? 30
  const team = valueOf(TEAM, 'team_id', params)
  const owner = valueOf(OWNER, 'owner_id', params)
  const query = { from: daysBefore(today, look - 1), to: today, days: time, ...(team ? { team_id: team } : {}), ...(owner ? { owner_id: owner } : {}) }
  const { data, error, refetch } = useQuery({ ...funnel(pipeline?.id ?? '', query), enabled: pipeline !== undefined })
  const failed = error ?? unknown
  const filters = (known?.length ?? 0) > 1 ? [PIPELINE, TEAM, OWNER] : [TEAM, OWNER]
  const bar = <Suspense fallback={null}><FilterBar filters={filters} archives={false} params={params} set={set} lookups={lookups} names={new Map()} known={() => []} /></Suspense>
  return (
    <>
      <PageHeader title={t('funnel.title')}>{!phone && bar}</PageHeader>
      <div className={styles.screen}>
        <div className={board.bar}>
          {lead}
          {phone && bar}
          <span className={styles.chosen}>
            <Select aria-label={t('funnel.look')} value={look} options={LOOKS.map((days) => ({ value: days, label: t('funnel.last', { days }) }))} onChange={(next) => set({ look: next === 90 ? null : String(next) })} popupMatchSelectWidth={false} />
            <Select aria-label={t('funnel.time')} value={time} options={TIMES.map((days) => ({ value: days, label: t('funnel.within', { days }) }))} onChange={(next) => set({ days: next === 30 ? null : String(next) })} popupMatchSelectWidth={false} />
          </span>
        </div>
        {failed && !data ? <ErrorState error={failed} retry={() => void refetch()} /> : !data ? <FunnelSkeleton /> : data.stages.every(({ count, entered }) => count === 0 && entered.value === '0')
          ? <Empty title={t('funnel.none')}>{t('funnel.none_help')}</Empty>
          : <FunnelTable data={data} />}
      </div>
    </>
  )
}

function FunnelTable({ data }: { data: Funnel }) {
  const { t } = useTranslation()
  const widest = String(Math.max(1, ...data.stages.map(({ entered }) => Number(entered.value ?? 0))))
  const open = data.stages.filter(({ kind }) => kind === 'open')
  const closed = data.stages.filter(({ kind }) => kind !== 'open')
  return (
    <>
      <ol className={styles.stages} aria-label={t('funnel.title')}>
        <li className={styles.head} aria-hidden="true"><span>{t('funnel.stage')}</span><span>{t('funnel.entered')}</span><span /><span>{t('funnel.went_on')}</span><span>{t('funnel.share')}</span><span>{t('funnel.stands')}</span></li>
        {open.map((stage) => <StageLine key={stage.id} stage={stage} widest={widest} data={data} />)}
        {closed.map((stage) => <StageLine key={stage.id} stage={stage} widest={widest} data={data} />)}
      </ol>
      <p className={styles.note}>{t('funnel.note', { from: data.from, to: data.to, days: data.days })}</p>
    </>
  )
}

function StageLine({ stage, widest, data }: { stage: FunnelStage; widest: string; data: Funnel }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { search } = useLocation()
  const params = new URLSearchParams(search)
  const list = new URLSearchParams({ view: 'list', stage_id: stage.id, ...(stage.kind === 'open' ? {} : { closed_from: data.from, closed_to: data.to }) })
  for (const kept of ['owner_id', 'team_id', 'pipeline_id']) { const value = params.get(kept); if (value) list.set(kept, value) }
  return (
    <li className={styles.stage} data-kind={stage.kind}>
      <strong>{stage.name}</strong>
      <span className={styles.num}><FigureLink figure={stage.entered} /></span>
      <span className={styles.track} aria-hidden="true">
        <span className={styles.entered} style={{ width: `${ratioOf(stage.entered.value ?? '0', widest) * 100}%` }}>
          {stage.went_on && <span className={styles.on} style={{ width: `${ratioOf(stage.went_on.value ?? '0', stage.entered.value ?? '0') * 100}%` }} />}
        </span>
      </span>
      <span className={styles.num}>{stage.went_on ? <FigureLink figure={stage.went_on} /> : '\u2014'}{stage.waiting > 0 && <small>{t('funnel.waiting', { count: stage.waiting })}</small>}</span>
      <span className={styles.share}>{stage.conversion?.value ? <FigureLink figure={stage.conversion} /> : '\u2014'}</span>
      <Link to={`/opportunities?${list.toString()}`} className={styles.stands}>{t(stage.kind === 'open' ? 'funnel.open' : 'funnel.closed', { count: stage.count })}<b>{format.round(stage.amount.amount, stage.amount.currency, true)}</b></Link>
    </li>
  )
}

function FunnelSkeleton() {
  const { t } = useTranslation()
  return <div role="status" aria-label={t('state.loading')} className={styles.stages}>{Array.from({ length: 6 }, (_, row) => <div key={row} className={styles.stage}><Bone w={72} h={14} /><Bone w={28} h={14} /><Bone w={`${92 - row * 13}%`} h={20} /><Bone w={28} h={14} /><Bone w={40} h={14} /><Bone w={90} h={14} /></div>)}</div>
}
