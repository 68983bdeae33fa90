import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useCan } from '@/api/queries'
import type { Metric } from '@/api/types'
import { formatDate, isSinceEver, useFormat } from '@/components/format/format'
import styles from './DefinitionCard.module.css'

/** What the metric means, in words, with the version that says so. */
export function DefinitionCard({ metric }: { metric: Metric }) {
  const { t } = useTranslation()
  const format = useFormat()
  const edits = useCan('manage_metrics')
  const range = (from: string, to: string | null | undefined) => (to && !isSinceEver(from) ? t('version.range', { from: formatDate(from), to: formatDate(to) }) : to ? t('version.until', { date: formatDate(to) }) : isSinceEver(from) ? t('version.always') : t('version.since', { date: formatDate(from) }))
  const rows = [
    [t('metrics.unit'), t(`metrics.units.${metric.unit}`)],
    [t('metrics.direction'), t(`metrics.directions.${metric.direction}`)],
    [t('metrics.combination'), t(`metrics.combinations.${metric.combination}`)],
    [t('metrics.kinds'), format.list(metric.kinds.map(({ name }) => name)) || '—'],
  ]
  return (
    <aside className={styles.card} aria-label={t('metrics.card')}>
      <h2>{t('metrics.card')}{edits && <Link to={`/settings/metrics/${metric.code}`}>{t('metrics.edit')}</Link>}<span>{t('version.nth', { version: metric.version })}</span></h2>
      <p className={styles.definition}>{metric.definition_text}</p>
      {metric.description && metric.description !== metric.definition_text && <p className={styles.description}>{metric.description}</p>}
      <dl>{rows.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>
      <h3>{t('metrics.versions')}</h3>
      <ul>
        {metric.versions.map((version) => <li key={version.version} data-current={version.version === metric.version}><span>{t('version.nth', { version: version.version })}</span><time>{range(version.from, version.to)}</time></li>)}
      </ul>
    </aside>
  )
}
