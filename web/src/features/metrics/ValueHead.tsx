import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { queries, type SubjectQuery } from '@/api/queries'
import type { MetricValues } from '@/api/types'
import { isZero, ratioOf } from '@/components/format/decimal'
import { useFormat } from '@/components/format/format'
import { BigFigure } from '@/components/ui/BigFigure'
import { Bone, Empty, ErrorState } from '@/components/ui/States'
import { FigureLink, WhyLink } from '@/components/why/WhyLink'
import styles from './ValueHead.module.css'

type CutName = 'product_line' | 'region' | 'tier'

/** The value, its target, and the months as bars with their figures on them. */
export function ValueHead({ code, query, clearCut }: { code: string; query: SubjectQuery; clearCut: (cut: CutName) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data, error, refetch } = useQuery(queries.metricValues(code, query, 'product_line'))
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <div className={styles.head}><Bone w={200} h={60} /><Bone h={96} /></div>
  const cuts = (['product_line', 'region', 'tier'] as const).filter((cut) => query[cut])
  return (
    <div className={styles.head}>
      <section aria-label={t('metrics.value')}>
        <p className={styles.subject}>
          {data.subject.name} · {format.period(data.period)}
          {cuts.map((cut) => <button key={cut} type="button" className={styles.cut} onClick={() => clearCut(cut)} aria-label={t('metrics.clear_cut', { name: query[cut] })}>{query[cut]}<X size={12} aria-hidden /></button>)}
        </p>
        <BigFigure figure={data.total} identity={`${code} ${JSON.stringify(query)}`} size={32} />
        <Targets data={data} />
      </section>
      <Months code={code} query={query} />
    </div>
  )
}

function Targets({ data }: { data: MetricValues }) {
  const { t } = useTranslation()
  if (!data.target) return <p className={styles.note}>{t('metrics.no_target')}</p>
  const levels = (['base', 'challenge', 'stretch'] as const).flatMap((level) => { const figure = data.target?.[level]; return figure?.value ? [{ level, figure }] : [] })
  return (
    <dl className={styles.targets}>
      {data.attainment && <div><dt>{t('metrics.attainment')}</dt><dd><FigureLink figure={data.attainment} /></dd></div>}
      {levels.map(({ level, figure }) => <div key={level}><dt>{t(`metrics.target.${level}`)}</dt><dd><FigureLink figure={figure} symbol={false} cents={false} /></dd></div>)}
    </dl>
  )
}

/** The last eight months up to the period that is looked at. */
function Months({ code, query }: { code: string; query: SubjectQuery }) {
  const { t } = useTranslation()
  const year = Number(query.period.slice(0, 4))
  const [before, now] = [year - 1, year].map((each) => ({ ...query, period: String(each) }))
  const first = useQuery(queries.metricValues(code, before as SubjectQuery, 'month')).data
  const second = useQuery(queries.metricValues(code, now as SubjectQuery, 'month')).data
  if (!first || !second) return <Bone h={96} />
  const last = lastMonthOf(query.period)
  const groups = [...first.groups, ...second.groups].filter(({ key }) => key <= last).slice(-8)
  if (groups.every(({ figure }) => isZero(figure.value))) return <Empty title={t('metrics.empty')} />
  return <MonthBars groups={groups} period={query.period} />
}

const QUARTER_END = { 1: '03', 2: '06', 3: '09', 4: '12' }

function lastMonthOf(period: string): string {
  const quarter = /-Q([1-4])$/.exec(period)?.[1]
  if (quarter) return `${period.slice(0, 4)}-${QUARTER_END[Number(quarter) as 1 | 2 | 3 | 4]}`
  return period.includes('-') ? period : `${period}-12`
}

function inPeriod(month: string, period: string): boolean {
  const last = lastMonthOf(period)
  const first = period.includes('Q') ? `${last.slice(0, 5)}${String(Number(last.slice(5)) - 2).padStart(2, '0')}` : period.includes('-') ? period : `${period}-01`
  return month >= first && month <= last
}

function MonthBars({ groups, period }: { groups: MetricValues['groups']; period: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const top = Math.max(0, ...groups.map((group) => Number(group.figure.value ?? 0)))
  return (
    <ol className={styles.months} aria-label={t('metrics.by_month')}>
      {groups.map(({ key, figure }) => {
        const short = figure.value == null ? '—' : figure.unit === 'money' ? format.short(figure.value) : format.value(figure.value, figure.unit)
        return (
          <li key={key} data-now={inPeriod(key, period)}>
            <WhyLink url={figure.why} className={styles.value}><span className="visually-hidden">{format.period(key)} </span>{short}</WhyLink>
            <span className={styles.column} aria-hidden="true"><span style={{ height: `${ratioOf(figure.value ?? '0', top) * 100}%` }} /></span>
            <span className={styles.month}>{key.slice(5) || key}</span>
          </li>
        )
      })}
    </ol>
  )
}
