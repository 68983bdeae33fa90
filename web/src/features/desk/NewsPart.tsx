import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { deskQueries } from '@/api/desk'
import { useMe } from '@/api/queries'
import { isNegative, isZero } from '@/components/format/decimal'
import { formatDay, formatMoment, useFormat } from '@/components/format/format'
import { BoneRows, ErrorState } from '@/components/ui/States'
import { Section } from '@/components/ui/Section'
import { RecordLink, WhyLink } from '@/components/why/WhyLink'
import styles from './Desk.module.css'

/** What changed since the last working day: the estimate with its lines, what was counted, what others did to one's deals. */
export function NewsPart({ period }: { period: string }) {
  const { t } = useTranslation()
  const me = useMe()
  const format = useFormat()
  const { data, error, refetch } = useQuery(deskQueries.news())
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <BoneRows rows={4} />
  const signed = (amount: string, currency?: string | null) => (isNegative(amount) ? '' : '+') + format.money(amount, currency)
  const nothing = data.facts_total === 0 && data.moved.length === 0
  return (
    <Section title={t('desk.news.title')} note={t('desk.news.since', { day: formatDay(data.since) })} className={styles.news}>
      {nothing && <p className={styles.quiet}>{t('desk.news.empty')}</p>}
      {data.estimate?.value && !isZero(data.estimate.value) && (
        <div className={styles.change}>
          <p><span>{t('desk.news.estimate', { period: format.period(period) })}</span><b data-tone={isNegative(data.estimate.value) ? 'behind' : 'ahead'}><WhyLink url={data.estimate.why}>{signed(data.estimate.value, data.estimate.currency)}</WhyLink></b></p>
          <ul>
            {data.lines.map((line, index) => (
              <li key={line.difference.why ?? index}><span>{line.label || line.kind_name}<small>{line.label && line.kind_name}</small></span><WhyLink url={line.difference.why}>{signed(line.difference.value ?? '0', null)}</WhyLink></li>
            ))}
          </ul>
        </div>
      )}
      {data.facts_total > 0 && (
        <>
          <h3 className={styles.group}>{t('desk.news.facts', { count: data.facts_total })}</h3>
          <ul className={styles.facts}>
            {data.facts.map((fact) => (
              <li key={fact.id}><time dateTime={fact.date}>{formatDay(fact.date)}</time><span><RecordLink record={fact.record}>{fact.label || fact.kind_name}</RecordLink><small>{fact.label && fact.kind_name}{fact.note ? ` · ${fact.note}` : ''}</small></span>{!isZero(fact.amount.amount) && <b>{format.round(fact.amount.amount, fact.amount.currency)}</b>}</li>
            ))}
          </ul>
        </>
      )}
      {data.moved.length > 0 && (
        <>
          <h3 className={styles.group}>{t('desk.news.moved')}</h3>
          <ul className={styles.moved}>
            {data.moved.map((one) => (
              <li key={`${one.record.id} ${one.at}`}>
                <p><Link to={`/records/opportunity/${one.record.id}`}>{one.name}</Link><small>{one.actor} · {formatMoment(one.at, me.company.timezone)}</small></p>
                {one.changes.slice(0, 3).map((change) => <p key={change.field} className={styles.quiet}>{change.label} {change.before ?? t('record.timeline.empty_value')} → {change.after ?? t('record.timeline.empty_value')}</p>)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}
