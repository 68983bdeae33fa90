import { lazy, Suspense } from 'react'
import { ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, Outlet, useLocation } from 'react-router'
import { useMe } from '@/api/queries'
import { PageHeader } from '@/components/ui/PageHeader'
import { BoneRows, Empty } from '@/components/ui/States'
import { usePhone } from '@/components/ui/useMediaQuery'
import { addressOf, SECTION_GROUPS, sectionAt, sectionsFor, type Section } from './sections'
import styles from './Settings.module.css'

const Profile = lazy(async () => ({ default: (await import('@/features/session/ProfilePage')).ProfilePage }))

/** The list of sections beside the one that is open; on the phone the list is a page of its own. */
export function SettingsLayout() {
  const { t } = useTranslation()
  const phone = usePhone()
  const sections = sectionsFor(useMe())
  const present = sectionAt(useLocation().pathname)
  const page = present && !sections.includes(present)
    ? <><PageHeader title={t(present.label)} back={phone ? '/settings' : undefined} /><Empty title={t('error.forbidden')}>{t('error.forbidden_help')}</Empty></>
    : <Suspense fallback={<BoneRows />}><Outlet /></Suspense>
  if (phone) return page
  return (
    <div className={styles.layout}>
      <Sections sections={sections} present={present} />
      <div className={styles.content}>{page}</div>
    </div>
  )
}

/** What `/settings` shows: the list on the phone, one's own profile beside the list elsewhere. */
export function SettingsIndex() {
  const { t } = useTranslation()
  const sections = sectionsFor(useMe())
  if (!usePhone()) return <Profile />
  return <><PageHeader title={t('menu.settings')} /><Sections sections={sections} /></>
}

function Sections({ sections, present }: { sections: Section[]; present?: Section }) {
  const { t } = useTranslation()
  return (
    <nav className={styles.sections} aria-label={t('settings.sections')}>
      {SECTION_GROUPS.map((group) => {
        const shown = sections.filter((section) => section.group === group)
        return shown.length > 0 && (
          <div key={group} role="group" aria-labelledby={`settings-${group}`}>
            <div className={styles.group} id={`settings-${group}`}>{t(`settings.group.${group}`)}</div>
            {shown.map((section) => (
              <Link key={section.path} to={addressOf(section)} className={styles.item} aria-current={section === present ? 'page' : undefined}>
                {t(section.label)}<ChevronRight size={16} className={styles.chevron} aria-hidden />
              </Link>
            ))}
          </div>
        )
      })}
    </nav>
  )
}
