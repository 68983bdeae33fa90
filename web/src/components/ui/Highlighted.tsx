import type { ReactNode } from 'react'
import styles from './Highlighted.module.css'

/** A sentence with its deciding words marked. */
export function Highlighted({ text, words }: { text: string; words?: string[] | null }) {
  const marks = (words ?? []).filter((word) => word.length > 0).sort((a, b) => b.length - a.length)
  if (marks.length === 0) return <>{text}</>
  // A figure is marked as a whole: "0 %" is no part of "100 %".
  const pattern = new RegExp(`((?<![\\d.,])(?:${marks.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')}))`)
  const parts: ReactNode[] = text.split(pattern).map((part, i) => (i % 2 === 1 ? <b key={i} className={styles.mark}>{part}</b> : part))
  return <>{parts}</>
}
