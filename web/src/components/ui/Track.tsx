import type { Standing } from '@/api/types'
import { ratioOf } from '@/components/format/decimal'
import styles from './Track.module.css'

const LONGEST = 1.5

/** The end of the bars of a table: 100 %, or as far as the best has come, so that all ticks stand in one line. */
export const scaleFor = (ratios: (string | null | undefined)[]) => Math.min(LONGEST, Math.max(1, ...ratios.map((ratio) => Number(ratio ?? 0))))

/** A bar of attainment with a dark tick where the time of the period stands and, where it goes further, a light one at 100 %. */
export function Track({ ratio, pace, scale, standing = 'none', height = 8 }: { ratio: string | null | undefined; pace?: string | null; scale: number; standing?: Standing; height?: number }) {
  return (
    <span className={styles.track} style={{ height }} aria-hidden="true">
      <span className={`${styles.fill} ${styles[standing]}`} style={{ width: `${ratioOf(ratio ?? '0', scale) * 100}%` }} />
      {scale > 1 && <span className={styles.full} style={{ left: `${100 / scale}%` }} />}
      {pace && <span className={styles.tick} style={{ left: `${ratioOf(pace, scale) * 100}%` }} />}
    </span>
  )
}
