import type { Figure } from '@/api/types'
import { moneyParts, useFormat } from '@/components/format/format'
import { WhyLink } from '@/components/why/WhyLink'
import styles from './BigFigure.module.css'
import { useFlash } from './useFlash'

/** The one figure a page is about; of money the cents and the currency are lighter. */
export function BigFigure({ figure, identity, size = 36 }: { figure: Figure | null | undefined; identity: string; size?: number }) {
  const format = useFormat()
  const flashing = useFlash(figure?.value, identity)
  if (!figure?.value) return <div className={styles.big} style={{ fontSize: size }}>—</div>
  const money = figure.unit === 'money' ? moneyParts(figure.value, figure.currency, format.locale) : null
  return (
    <div className={`${styles.big} ${flashing ? styles.flash : ''}`} style={{ fontSize: size }} data-testid="big-figure">
      <WhyLink url={figure.why} className={styles.link}>
        {money
          ? <>{money.sign}<span className={styles.symbol}>{money.symbol}</span>{money.whole}<span className={styles.cents}>{money.cents}</span></>
          : format.value(figure.value, figure.unit)}
      </WhyLink>
    </div>
  )
}
