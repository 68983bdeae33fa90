import { useQuery } from '@tanstack/react-query'
import { Trans, useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { deskQueries, type Desk, type Reach } from '@/api/desk'
import { standingOf } from '@/api/types'
import { formatPercent, formatRate, useFormat } from '@/components/format/format'
import { BigFigure } from '@/components/ui/BigFigure'
import { Bone, BoneRows, ErrorState } from '@/components/ui/States'
import { StandingTag } from '@/components/ui/Tags'
import { scaleFor, Track } from '@/components/ui/Track'
import { FigureLink, WhyLink } from '@/components/why/WhyLink'
import styles from './Desk.module.css'
import { NewsPart } from './NewsPart'
import { Tasks } from './Tasks'

/** What I do next, how far I am, what I earn, what changed. */
export function MyDesk() {
  const { data, error, refetch } = useQuery(deskQueries.own())
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <DeskSkeleton />
  return (
    <>
      <div className={styles.head}>
        <Standing desk={data} />
        <Pay desk={data} />
      </div>
      <div className={styles.columns}>
        {data.tasks && <Tasks tasks={data.tasks} />}
        <NewsPart period={data.period} />
      </div>
    </>
  )
}

function Standing({ desk }: { desk: Desk }) {
  const { t } = useTranslation()
  const { standing, pace, metric } = desk
  if (!standing || !metric) return <section aria-label={t('desk.standing')} />
  const ratio = standing.attainment?.value ?? null
  return (
    <section aria-label={t('desk.standing')}>
      <h2 className={styles.label}>{t('desk.attainment')} <small>{metric.name}</small></h2>
      {standing.target
        ? (
          <>
            <div className={styles.figures}>
              <BigFigure figure={standing.attainment} identity={`desk ${desk.period}`} size={32} />
              <StandingTag standing={standingOf(standing.standing)} points={standing.gap_points} named />
            </div>
            <Track scale={scaleFor([ratio])} ratio={ratio} pace={pace.ratio} height={12} />
            <p className={styles.under}>
              <span><FigureLink figure={standing.value} symbol={false} cents={false} /> / <FigureLink figure={standing.target} symbol={false} cents={false} /></span>
              <span>{t('pace.name')} <b><WhyLink url={pace.why}>{formatPercent(pace.ratio)}</WhyLink></b> {t('pace.days', { gone: pace.days_gone, total: pace.days_total })}</span>
            </p>
          </>
        )
        : <p className={styles.quiet}>{t('desk.no_target')}</p>}
    </section>
  )
}

function Pay({ desk }: { desk: Desk }) {
  const { t } = useTranslation()
  if (!desk.estimate) return <section aria-label={t('pay.estimate')}><h2 className={styles.label}>{t('pay.estimate_month')}</h2><p className={styles.quiet}>{t('desk.no_plan')}</p></section>
  return (
    <section aria-label={t('pay.estimate')}>
      <h2 className={styles.label}>{t('pay.estimate_month')} <Link to="/pay">{t('desk.to_pay')}</Link></h2>
      <BigFigure figure={desk.estimate} identity={`desk pay ${desk.period}`} size={32} />
      {desk.reach.map((reach) => <Tier key={reach.component} reach={reach} named={desk.reach.length > 1} />)}
    </section>
  )
}

/** What is missing to the next tier, and the fewest deals that would bring it. */
function Tier({ reach, named }: { reach: Reach; named: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const brings = format.round(reach.brings.amount, reach.brings.currency, true)
  const deals = reach.deals ?? []
  return (
    <div className={styles.tier}>
      <p>
        {named && <span className={styles.quiet}>{reach.component} </span>}
        <Trans i18nKey="desk.reach.missing" values={{ amount: reach.remaining.value ? format.round(reach.remaining.value, reach.remaining.currency, true) : '', rate: formatRate(reach.rate) }} components={{ why: <WhyLink url={reach.remaining.why} className={styles.accent}>{null}</WhyLink> }} />
        {deals.length > 0 ? t('desk.reach.enough', { count: deals.length }) : reach.open > 0 ? t('desk.reach.not_enough', { count: reach.open, amount: brings }) : t('desk.reach.no_deal')}
      </p>
      {deals.length > 0 && (
        <ul className={styles.three} title={t('desk.reach.how')}>
          {deals.slice(0, 5).map((deal) => (
            <li key={deal.record.id}><Link to={`/records/opportunity/${deal.record.id}`}>{deal.name}</Link><small>{deal.stage}</small><b>{format.round(deal.amount.amount, deal.amount.currency)}</b></li>
          ))}
          {deals.length > 5 && <li><small>{t('desk.reach.more', { count: deals.length - 5 })}</small></li>}
        </ul>
      )}
    </div>
  )
}

function DeskSkeleton() {
  return (
    <>
      <div className={styles.head}>
        <div><Bone w={120} h={12} /><div><Bone w={130} h={32} /></div><Bone h={12} /></div>
        <div><Bone w={140} h={12} /><div><Bone w={180} h={32} /></div><Bone h={12} /></div>
      </div>
      <div className={styles.columns}><BoneRows rows={7} height={56} /><BoneRows rows={4} /></div>
    </>
  )
}

