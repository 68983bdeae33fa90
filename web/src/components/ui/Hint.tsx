import { CircleHelp } from 'lucide-react'
import styles from './Hint.module.css'

/** A question mark that says more when it is pointed at or has the focus. */
export const Hint = ({ text }: { text: string }) => (
  <span className={styles.hint}>
    <button type="button" aria-label={text}><CircleHelp size={13} aria-hidden /></button>
    <span role="tooltip" aria-hidden>{text}</span>
  </span>
)
