import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '@/api/queries'
import type { MetricItem } from '@/api/types'
import { formatDate, isSinceEver } from '@/components/format/format'
import { PageHeader } from '@/components/ui/PageHeader'
import { Section } from '@/components/ui/Section'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import table from '@/components/ui/table.module.css'
import { usePhone } from '@/components/ui/useMediaQuery'
import styles from './MetricsPage.module.css'

const CATEGORIES = ['result', 'process', 'quality', 'behaviour']

/** The dictionary: what is counted, by category. */
export function MetricsPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(queries.metrics())
  const groups = CATEGORIES.map((category) => ({ category, items: data?.filter((metric) => metric.category === category) ?? [] })).filter((group) => group.items.length > 0)
  return (
    <>
      <PageHeader title={t('metrics.title')} />
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : !data ? <BoneRows rows={10} /> : groups.length === 0 ? <Empty title={t('metrics.none')}>{t('metrics.none_help')}</Empty> : (
        <div className={styles.groups}>
          {groups.map(({ category, items }) => <Section key={category} title={t(`metrics.category.${category}`)} note={items.length}><MetricTable items={items} /></Section>)}
        </div>
      )}
    </>
  )
}

function MetricTable({ items }: { items: MetricItem[] }) {
  const { t } = useTranslation()
  const phone = usePhone()
  return (
    <div className={table.scroll}>
      <table className={`${table.table} ${styles.table}`}>
        <thead>
          <tr>
            <th scope="col">{t('metrics.name')}</th><th scope="col">{t('metrics.unit')}</th><th scope="col">{t('metrics.direction')}</th>
            {!phone && <><th scope="col">{t('metrics.version')}</th><th scope="col">{t('metrics.from')}</th></>}
          </tr>
        </thead>
        <tbody>
          {items.map((metric) => (
            <tr key={metric.code}>
              <td><Link to={`/metrics/${metric.code}`} className={styles.link}>{metric.name}</Link></td>
              <td className={table.second}>{t(`metrics.units.${metric.unit}`)}</td>
              <td className={table.second}>{t(`metrics.directions.${metric.direction}`)}</td>
              {!phone && <><td className={table.second}>{t('version.nth', { version: metric.version })}</td><td className={table.date}>{isSinceEver(metric.from) ? t('version.always') : formatDate(metric.from)}</td></>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
