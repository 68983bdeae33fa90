import type { Standing } from '@/api/types'
import { ratioOf } from '@/components/format/decimal'
import styles from './Track.module.css'

/** A bar of attainment with one tick where the time of the period stands. Scale: 0 to 100 %, or to the value when it is more. */
export function Track({ ratio, pace, standing = 'none', height = 8 }: { ratio: string | null; pace?: string | null; standing?: Standing; height?: number }) {
  const scale = Math.max(1, Number(ratio ?? 0))
  return (
    <span className={styles.track} style={{ height }} aria-hidden="true">
      <span className={`${styles.fill} ${styles[standing]}`} style={{ width: `${ratioOf(ratio ?? '0', scale) * 100}%` }} />
      {pace && <span className={styles.tick} style={{ left: `${ratioOf(pace, scale) * 100}%` }} />}
    </span>
  )
}
