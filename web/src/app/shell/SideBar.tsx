import { useTranslation } from 'react-i18next'
import { Link, NavLink, useLocation } from 'react-router'
import { useMe } from '@/api/queries'
import { BrandMark } from '@/components/ui/Brand'
import { FOOT, GROUPS, isAt, menuFor, type MenuEntry } from './menu'
import styles from './Shell.module.css'

function Item({ entry }: { entry: MenuEntry }) {
  const { t } = useTranslation()
  const Icon = entry.icon
  const { pathname } = useLocation()
  return <Link to={entry.to} aria-current={isAt(entry, pathname) ? 'page' : undefined} className={styles.item}><Icon size={16} strokeWidth={1.7} aria-hidden />{t(entry.label)}</Link>
}

export function SideBar() {
  const { t } = useTranslation()
  const me = useMe()
  const entries = menuFor(me)
  return (
    <nav className={styles.side} aria-label={t('shell.menu')}>
      <NavLink to="/" className={styles.brand}><BrandMark /><strong>{t('brand')}</strong><span title={me.company.name}>{me.company.name}</span></NavLink>
      {entries.filter((entry) => entry.group === 'desk').map((entry) => <Item key={entry.to} entry={entry} />)}
      {GROUPS.map((group) => {
        const shown = entries.filter((entry) => entry.group === group)
        return shown.length > 0 && (
          <div key={group} role="group" aria-labelledby={`menu-${group}`}>
            <div className={styles.group} id={`menu-${group}`}>{t(`menu.group.${group}`)}</div>
            {shown.map((entry) => <Item key={entry.to} entry={entry} />)}
          </div>
        )
      })}
      <div className={styles.spacer} />
      {FOOT.map((entry) => <Item key={entry.to} entry={entry} />)}
    </nav>
  )
}
