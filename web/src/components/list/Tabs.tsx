import { Link, useLocation } from 'react-router'
import styles from './List.module.css'

export interface Tab { to: string; label: string; current: boolean }

/** Lists that belong together: each is a page of its own in the address, so that back leads to the one before. */
export function Tabs({ tabs, label }: { tabs: Tab[]; label: string }) {
  const { pathname, search } = useLocation()
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map((tab) => <Link key={tab.to} to={tab.current ? pathname + search : tab.to} aria-current={tab.current ? 'page' : undefined}>{tab.label}</Link>)}
    </nav>
  )
}
