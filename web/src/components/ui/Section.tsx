import type { ReactNode } from 'react'
import styles from './Section.module.css'

/** A headed part of a page. */
export function Section({ title, note, aside, children, className = '' }: { title: string; note?: ReactNode; aside?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section className={`${styles.section} ${className}`} aria-label={title}>
      <header className={styles.head}>
        <h2>{title}</h2>
        {note !== undefined && note !== null && <span className={styles.note}>{note}</span>}
        {aside && <span className={styles.aside}>{aside}</span>}
      </header>
      {children}
    </section>
  )
}
