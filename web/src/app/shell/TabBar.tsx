import { useState } from 'react'
import { Ellipsis } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { useMe } from '@/api/queries'
import { Sheet } from '@/components/list/Sheet'
import { isAt, tabsFor } from './menu'
import styles from './Shell.module.css'

/** The pages used most, and the rest behind "more". */
export function TabBar() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const { bar, more } = tabsFor(useMe())
  const [open, setOpen] = useState(false)
  return (
    <nav className={styles.tabs} aria-label={t('shell.menu')}>
      {bar.map((entry) => {
        const Icon = entry.icon
        return <Link key={entry.to} to={entry.to} aria-current={isAt(entry, pathname) ? 'page' : undefined} className={styles.tab}><Icon size={20} strokeWidth={1.7} aria-hidden />{t(entry.label)}</Link>
      })}
      <button type="button" className={styles.tab} aria-expanded={open} data-current={more.some((entry) => isAt(entry, pathname))} onClick={() => setOpen(true)}><Ellipsis size={20} strokeWidth={1.7} aria-hidden />{t('action.more')}</button>
      {open && (
        <Sheet title={t('shell.menu')} close={() => setOpen(false)}>
          {more.map((entry) => {
            const Icon = entry.icon
            return <Link key={entry.to} to={entry.to} aria-current={isAt(entry, pathname) ? 'page' : undefined} className={styles.moreItem} onClick={() => setOpen(false)}><Icon size={20} strokeWidth={1.7} aria-hidden />{t(entry.label)}</Link>
          })}
        </Sheet>
      )}
    </nav>
  )
}
