import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { queries, type SubjectQuery } from '@/api/queries'
import type { MetricValues } from '@/api/types'
import { ratioOf } from '@/components/format/decimal'
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
  const { data, error, refetch } = useQuery(queries.metricValues(code, query, 'month'))
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
      {data.groups.length > 1 ? <MonthBars groups={data.groups} /> : data.groups.length === 0 && <Empty title={t('metrics.empty')} />}
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
      {levels.map(({ level, figure }) => <div key={level}><dt>{t(`metrics.target.${level}`)}</dt><dd><FigureLink figure={figure} symbol={false} /></dd></div>)}
    </dl>
  )
}

function MonthBars({ groups }: { groups: MetricValues['groups'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const shown = groups.slice(-12)
  const top = Math.max(0, ...shown.map((group) => Number(group.figure.value ?? 0)))
  return (
    <ol className={styles.months} aria-label={t('metrics.by_month')}>
      {shown.map(({ key, figure }) => {
        const short = figure.value === null ? '—' : figure.unit === 'money' ? format.short(figure.value) : format.value(figure.value, figure.unit)
        return (
          <li key={key}>
            <WhyLink url={figure.why} className={styles.value} label={`${format.period(key)} ${format.value(figure.value, figure.unit, figure.currency)}`}>{short}</WhyLink>
            <span className={styles.column} aria-hidden="true"><span style={{ height: `${ratioOf(figure.value ?? '0', top) * 100}%` }} /></span>
            <span className={styles.month}>{key.slice(5) || key}</span>
          </li>
        )
      })}
    </ol>
  )
}
