import { useTranslation } from 'react-i18next'
import { standingOf, type TeamAttainment } from '@/api/types'
import { formatPercent, useFormat } from '@/components/format/format'
import { ratioOf } from '@/components/format/decimal'
import { BigFigure } from '@/components/ui/BigFigure'
import { StandingTag } from '@/components/ui/Tags'
import { scaleFor, Track } from '@/components/ui/Track'
import { FigureLink, WhyLink } from '@/components/why/WhyLink'
import styles from './TeamHead.module.css'

/** One bar carries the period. */
export function TeamHead({ data }: { data: TeamAttainment }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { total, pace } = data
  const standing = standingOf(total.standing)
  const ratio = total.attainment?.value ?? null
  const scale = scaleFor([ratio])
  const tick = ratioOf(pace.ratio, scale) * 100
  // The target stands above its mark, and the pace gives way to it.
  const full = 100 / scale
  return (
    <section className={styles.head} aria-label={data.team.name}>
      <div className={styles.figure}>
        <h2>{t('team.attainment')}{total.target && <span>{t('team.base_target')} {total.target.unit === 'money' && total.target.value != null ? format.round(total.target.value, total.target.currency, true) : format.value(total.target.value, total.target.unit)}</span>}</h2>
        <div className={styles.row}>
          <BigFigure figure={total.attainment ?? total.value} identity={`${data.team.id} ${data.period} ${data.metric.code}`} />
          <span className={styles.pace}>{t('pace.name')} <b><WhyLink url={pace.why}>{formatPercent(pace.ratio)}</WhyLink></b></span>
        </div>
        <div className={styles.row}><StandingTag standing={standing} points={total.gap_points} named />{standing !== 'none' && <small>{t('team.points_note')}</small>}</div>
      </div>
      {total.target && (
        <div className={styles.bar}>
          <div className={styles.above}>
            <span className={styles.tickLabel} style={{ left: `clamp(40px, ${tick}%, calc(${full}% - 190px))` }}>{t('pace.name')} <b>{formatPercent(pace.ratio)}</b></span>
            <span className={styles.target} style={{ right: `min(${100 - full}%, calc(100% - 110px))` }}>{t('team.target')} <b><FigureLink figure={total.target} symbol={false} cents={false} /></b></span>
          </div>
          <Track scale={scale} ratio={ratio} pace={pace.ratio} standing={standing === 'behind' ? 'none' : standing} height={16} />
          <div className={styles.below}>
            <span>{data.metric.name}<b><FigureLink figure={total.value} symbol={false} cents={false} /></b></span>
            {total.estimate && <span>{t('team.estimates')}<b><FigureLink figure={total.estimate} symbol={false} /></b></span>}
            <span className={styles.days}>{t('pace.working_days')}<b>{t('pace.days', { gone: pace.days_gone, total: pace.days_total })}</b></span>
          </div>
        </div>
      )}
    </section>
  )
}
