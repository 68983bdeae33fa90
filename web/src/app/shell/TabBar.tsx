import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { useMe } from '@/api/queries'
import { menuFor, SETTINGS } from './menu'
import styles from './Shell.module.css'

export function TabBar() {
  const { t } = useTranslation()
  const entries = [...menuFor(useMe()), SETTINGS]
  return (
    <nav className={styles.tabs} aria-label={t('shell.menu')}>
      {entries.map(({ to, label, icon: Icon }) => (
        <NavLink key={to} to={to} end={to === '/pay'} className={styles.tab}><Icon size={20} strokeWidth={1.7} aria-hidden />{t(label)}</NavLink>
      ))}
    </nav>
  )
}
