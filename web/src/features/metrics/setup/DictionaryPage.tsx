import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '@/api/queries'
import { formatDate, isSinceEver } from '@/components/format/format'
import { Section } from '@/components/ui/Section'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { BoneRows, ErrorState } from '@/components/ui/States'
import { usePhone } from '@/components/ui/useMediaQuery'
import list from '@/components/list/List.module.css'
import table from '@/components/ui/table.module.css'
import { CATEGORIES } from './metricModel'
import styles from './Setup.module.css'

/** What is counted, to be edited: a change is a new version from a day on. */
export function DictionaryPage() {
  const { t } = useTranslation()
  const phone = usePhone()
  const { data, error, refetch } = useQuery(queries.metrics())
  const groups = CATEGORIES.map((category) => ({ category, items: data?.filter((metric) => metric.category === category) ?? [] })).filter(({ items }) => items.length > 0)
  return (
    <>
      <SettingsHeader title={t('setup.metrics.title')} />
      <div className={styles.page}>
        <div className={styles.top}><Link to="/settings/metrics/new" className={list.new}><Plus size={15} aria-hidden />{t('setup.metrics.new')}</Link></div>
        {error ? <ErrorState error={error} retry={() => void refetch()} /> : !data ? <BoneRows rows={10} /> : groups.map(({ category, items }) => (
          <Section key={category} title={t(`metrics.category.${category}`)} note={items.length}>
            <div className={`${table.scroll} ${styles.group}`}><table className={`${table.table} ${styles.dictionary}`}>
              <thead><tr><th scope="col">{t('metrics.name')}</th><th scope="col">{t('metrics.unit')}</th><th scope="col">{t('metrics.version')}</th>{!phone && <th scope="col">{t('metrics.from')}</th>}</tr></thead>
              <tbody>
                {items.map((metric) => (
                  <tr key={metric.code}>
                    <td><Link to={`/settings/metrics/${metric.code}`} className={styles.link}>{metric.name}</Link></td>
                    <td className={table.second}>{t(`metrics.units.${metric.unit}`)}</td>
                    <td className={table.second}>{t('version.nth', { version: metric.version })}</td>
                    {!phone && <td className={table.date}>{isSinceEver(metric.from) ? t('version.always') : formatDate(metric.from)}</td>}
                  </tr>
                ))}
              </tbody>
            </table></div>
          </Section>
        ))}
      </div>
    </>
  )
}
