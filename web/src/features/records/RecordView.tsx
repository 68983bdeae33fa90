import { useQuery } from '@tanstack/react-query'
import { ArrowUpRight, FileText } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '@/api/queries'
import type { RecordDetail, RecordRef } from '@/api/types'
import { formatDate, formatRate, useFormat } from '@/components/format/format'
import { isZero } from '@/components/format/decimal'
import { Bone, BoneRows, ErrorState } from '@/components/ui/States'
import { RecordLink } from '@/components/why/WhyLink'
import styles from './RecordView.module.css'

/** Fields that stand once for each row of a contract: a part of their own, with the amounts under each other. */
const ROWS = ['line', 'due', 'payment'] as const
const isRow = (key: string) => ROWS.some((row) => row === key)

/** A record as it stands: fields, splits, what it counted for. On its own page links lead to pages, in the drawer into the drawer. */
export function RecordView({ type, id, inDrawer = false }: RecordRef & { inDrawer?: boolean }) {
  const { data: record, error, refetch } = useQuery(queries.record(type, id))
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!record) return <div className={styles.view}><Bone w={200} h={22} /><BoneRows rows={7} /></div>
  return (
    <div className={styles.view} data-in={inDrawer ? 'drawer' : 'page'}>
      <header className={styles.head}>
        {inDrawer && <span>{record.type_name}</span>}
        <h2>{record.title}</h2>
      </header>
      <Fields record={record} inDrawer={inDrawer} />
      {ROWS.map((key) => <Rows key={key} part={key} record={record} inDrawer={inDrawer} />)}
      {record.splits.length > 0 && <Splits record={record} />}
      <Facts record={record} />
      <Related record={record} inDrawer={inDrawer} />
    </div>
  )
}

function To({ record, inDrawer, children, className }: { record: RecordRef; inDrawer: boolean; children: React.ReactNode; className?: string }) {
  return inDrawer
    ? <RecordLink record={record} className={className}>{children}</RecordLink>
    : <Link to={`/records/${record.type}/${record.id}`} className={className}>{children}</Link>
}

function Fields({ record, inDrawer }: { record: RecordDetail; inDrawer: boolean }) {
  const format = useFormat()
  return (
    <dl className={styles.fields}>
      {record.fields.filter(({ key }) => !isRow(key)).map((field, index) => {
        const text = !field.value ? '—' : format.value(field.value, field.unit, field.currency)
        return (
          <div key={index}>
            <dt>{field.label}</dt>
            <dd className={text === '—' ? styles.none : undefined}>{field.record ? <To record={field.record} inDrawer={inDrawer}>{text}</To> : text}</dd>
          </div>
        )
      })}
    </dl>
  )
}

function Rows({ part, record, inDrawer }: { part: typeof ROWS[number]; record: RecordDetail; inDrawer: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const rows = record.fields.filter(({ key }) => key === part)
  if (rows.length === 0) return null
  return (
    <section className={styles.part}>
      <h3>{t(`record.rows.${part}`)}</h3>
      <ul>
        {rows.map((row, index) => {
          const amount = row.value ? format.money(row.value, row.currency ?? '', false) : '—'
          return (
            <li key={index} className={styles.row}>
              <span>{row.label}</span>
              <span className={styles.end}>{row.record ? <To record={row.record} inDrawer={inDrawer}>{amount}</To> : amount}</span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Splits({ record }: { record: RecordDetail }) {
  const { t, i18n } = useTranslation()
  return (
    <section className={styles.part}>
      <h3>{t('record.splits')}</h3>
      <ul>
        {record.splits.map((split, index) => (
          <li key={index} className={styles.row}>
            <span>{split.person.name}</span>
            <small>{i18n.exists(`split_role.${split.role}`) ? t(`split_role.${split.role}`) : split.role}</small>
            <span className={styles.end}>{formatRate(split.share)}</span>
            {split.from && <small>{t('version.since', { date: formatDate(split.from) })}</small>}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Facts({ record }: { record: RecordDetail }) {
  const { t } = useTranslation()
  const format = useFormat()
  // Whose it is stands above already.
  const said = new Set([record.title, ...record.fields.map(({ value }) => value)])
  return (
    <section className={styles.part}>
      <h3>{t('why.facts')}</h3>
      {record.facts.length === 0 && <p className={styles.none}>{t('record.no_facts')}</p>}
      <ol className={styles.timeline}>
        {record.facts.map((fact) => (
          <li key={fact.id}>
            <time dateTime={fact.date}>{formatDate(fact.date)}</time>
            <span>{fact.kind_name}{fact.label && !said.has(fact.label) && <small>{fact.label}</small>}</span>
            <span className={styles.end}>{isZero(fact.amount.amount) ? '' : format.money(fact.amount.amount, fact.amount.currency, false)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What no field leads to already. */
function Related({ record, inDrawer }: { record: RecordDetail; inDrawer: boolean }) {
  const { t } = useTranslation()
  const others = record.related.filter(({ id }) => !record.fields.some((field) => field.record?.id === id))
  if (others.length === 0) return null
  return (
    <section className={styles.part}>
      <h3>{t('record.related')}</h3>
      <ul>
        {others.map((other) => (
          <li key={`${other.type}/${other.id}`}>
            <To record={other} inDrawer={inDrawer} className={styles.related}>
              <FileText size={14} aria-hidden /><small>{other.type_name}</small><span>{other.name}</span><ArrowUpRight size={14} aria-hidden />
            </To>
          </li>
        ))}
      </ul>
    </section>
  )
}
