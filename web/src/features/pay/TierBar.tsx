import { Trans, useTranslation } from 'react-i18next'
import type { TierProgress } from '@/api/types'
import { isZero, ratioOf, subtractDecimal } from '@/components/format/decimal'
import { formatPercent, formatRate, useFormat } from '@/components/format/format'
import { WhyLink } from '@/components/why/WhyLink'
import styles from './TierBar.module.css'

/** How far it is to the next tier: what is in force, what is pending, where each tier begins. */
export function TierBar({ tier, named }: { tier: TierProgress; named: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const percent = tier.unit === 'percent'
  const exact = (value: string) => (percent ? formatPercent(value) : format.round(value, tier.currency, true))
  const short = (value: string) => (percent ? formatPercent(value) : format.short(value))
  const scale = scaleOf(tier)
  const at = (value: string) => ratioOf(value, scale) * 100
  const bands = tier.bands.filter((band) => Number(band.from) < scale)
  const pendingFrom = at(tier.earned)
  const current = tier.bands.findLast((band) => Number(band.from) <= Math.max(Number(tier.position), 0)) ?? tier.bands[0]
  // What is in force stands below the bar; beside the heading it is said only together with what is to come.
  const ahead = [!isZero(tier.pending) && t('pay.tier_pending', { value: short(tier.pending) }), tier.next && t('pay.tier_to', { value: short(tier.next.at) })].filter((part) => typeof part === 'string')
  const aside = [...(named ? [tier.component_name] : []), ...(ahead.length > 0 ? [t('pay.tier_earned', { value: short(tier.earned) }), ...ahead] : [])]

  return (
    <section className={styles.tier} aria-label={t('pay.tier_of', { name: tier.component_name })}>
      <header>
        <h2>
          {tier.next
            ? <Trans i18nKey={percent ? 'pay.next_tier_points' : 'pay.next_tier'} values={{ remaining: percent ? formatPercent(tier.next.remaining).replace(/\u2009%$/, '') : exact(tier.next.remaining), rate: formatRate(tier.next.rate) }} components={{ why: <WhyLink url={tier.why} className={styles.remaining}>{null}</WhyLink> }} />
            : current && <>{t('pay.top_tier')} <WhyLink url={tier.why} className={styles.remaining}>{formatRate(current.rate)}</WhyLink></>}
        </h2>
        {aside.length > 0 && <p>{aside.join(t('list_separator'))}</p>}
      </header>
      <div className={styles.axis} aria-hidden="true">
        {bands.map((band, index) => (
          <span key={band.from} data-room={roomFor((index + 1 < bands.length ? at(bands[index + 1]?.from ?? '0') : 100) - at(band.from))} className={styles.mark} data-next={band.from !== '0' && tier.next != null && isZero(subtractDecimal(band.from, tier.next.at))} data-first={index === 0} style={{ left: `${at(band.from)}%` }}>
            <b>{formatRate(band.rate)}</b>{index > 0 && <span>{t('pay.from_here', { value: short(band.from) })}</span>}
          </span>
        ))}
      </div>
      <div className={styles.bar} aria-hidden="true">
        <span className={styles.earned} style={{ width: `${pendingFrom}%` }} />
        <span className={styles.pending} style={{ left: `${pendingFrom}%`, width: `${Math.max(at(tier.position) - pendingFrom, 0)}%` }} />
        {bands.slice(1).map((band) => <i key={band.from} style={{ left: `${at(band.from)}%` }} />)}
      </div>
      <div className={styles.values}>
        <span>{t('status.earned')}<b>{exact(tier.earned)}</b></span>
        {!isZero(tier.pending) && <span style={{ marginLeft: `max(12px, calc(${pendingFrom}% - 96px))` }}>{t('status.pending')}<b>{exact(tier.pending)}</b></span>}
      </div>
    </section>
  )
}

/** How much of its label a band has room for. */
function roomFor(percent: number): 'all' | 'rate' | 'none' {
  return percent > 18 ? 'all' : percent > 8 ? 'rate' : 'none'
}

/** The bar ends a quarter beyond the next tier, or beyond where one stands. Widths only, never shown. */
function scaleOf(tier: TierProgress): number {
  const top = Number(tier.next?.at ?? tier.bands.at(-1)?.from ?? 0)
  return Math.max(top * 1.26, Number(tier.position) * 1.1) || 1
}
