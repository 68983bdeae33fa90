import { useTranslation } from 'react-i18next'
import { useMe } from '@/api/queries'
import { statusOf, type Estimate, type Status } from '@/api/types'
import { isZero, ratioOf } from '@/components/format/decimal'
import { useFormat } from '@/components/format/format'
import { BigFigure } from '@/components/ui/BigFigure'
import { Hint } from '@/components/ui/Hint'
import { StatusMark } from '@/components/ui/Tags'
import { usePhone } from '@/components/ui/useMediaQuery'
import { FigureLink, WhyLink } from '@/components/why/WhyLink'
import styles from './Summary.module.css'

const kindOf = (period: string) => (period.includes('Q') ? 'quarter' : period.includes('-') ? 'month' : 'year')

const ORDER: Status[] = ['earned', 'pending', 'held', 'paid', 'forfeited']
/** What the estimate does not count has no part in its bar. */
const IN_BAR: Status[] = ['earned', 'pending', 'held', 'paid']

/** The one figure of the page and what it is made of. */
export function Summary({ estimate }: { estimate: Estimate }) {
  const { t } = useTranslation()
  const format = useFormat()
  const me = useMe()
  const phone = usePhone()
  const all = estimate.by_status.map((part) => ({ ...part, status: statusOf(part.status) }))
  const parts = ORDER.flatMap((status) => all.filter((part) => part.status === status && !isZero(part.figure.value)))
  const bars = parts.filter((part) => IN_BAR.includes(part.status) && !part.figure.value?.startsWith('-'))
  const whole = bars.reduce((sum, part) => sum + Number(part.figure.value), 0)
  const current = estimate.period === me.periods.month
  return (
    <section className={styles.summary} aria-label={t('pay.estimate')}>
      <h2 className={styles.label}>
        {current ? t('pay.estimate_month') : t('pay.estimate_of', { period: format.period(estimate.period) })}
        <Hint text={t('pay.estimate_help')} />
      </h2>
      <BigFigure figure={estimate.total} identity={`${estimate.person.id} ${estimate.period}`} size={phone ? 40 : 36} />
      {estimate.previous?.total?.value && (
        <p className={styles.previous}><span title={format.period(estimate.previous.period)}>{t(`pay.previous.${kindOf(estimate.period)}`)}</span> <WhyLink url={estimate.previous.total.why}>{format.value(estimate.previous.total.value, 'money', estimate.previous.total.currency)}</WhyLink></p>
      )}
      <div className={styles.bar} aria-hidden="true">
        {bars.map((part) => <span key={part.status} className={styles[part.status]} style={{ width: `${ratioOf(part.figure.value ?? '0', whole) * 100}%` }} />)}
      </div>
      <ul className={styles.legend}>
        {parts.map((part) => (
          <li key={part.status}>
            <StatusMark status={part.status} /><span>{t(`status.${part.status}`)}</span>
            <small>{t('pay.lines_count', { count: part.lines })}</small>
            <span className={styles.amount}><FigureLink figure={part.figure} symbol={false} /></span>
          </li>
        ))}
      </ul>
    </section>
  )
}
