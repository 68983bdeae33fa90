import type { ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries, useMe } from '@/api/queries'
import { recordQueries } from '@/api/records'
import type { RecordDetail, RecordRef } from '@/api/types'
import { formatDate, formatRate, groupNumbers, useFormat } from '@/components/format/format'
import { addDecimal, isZero, ratioOf } from '@/components/format/decimal'
import { Bone, BoneRows, ErrorState } from '@/components/ui/States'
import { BigFigure } from '@/components/ui/BigFigure'
import { Track } from '@/components/ui/Track'
import { Actions } from './Actions'
import { Around, listsOf } from './Around'
import { Attachments } from './Attachments'
import { NextStep } from './NextStep'
import { Pin } from './Pin'
import { RecordRow, To } from './RecordRow'
import { Timeline } from './Timeline'
import styles from './RecordView.module.css'

/** Fields that stand once for each row of a contract: a part of their own, with the amounts under each other. */
const ROWS = ['line', 'due', 'payment'] as const
type Part = typeof ROWS[number]
const isRow = (key: string) => ROWS.some((row) => row === key)

/**
 * A record as it stands: its figure, fields, splits, what it counted for, what belongs to it. On its own page links lead to
 * pages and the fields stand beside; in the drawer links lead into the drawer.
 */
export function RecordView({ type, id, inDrawer = false }: RecordRef & { inDrawer?: boolean }) {
  const me = useMe()
  const { data: record, error, refetch } = useQuery(queries.record(type, id))
  const view = useQuery({ ...recordQueries.view(type, id), retry: false }).data
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!record) return <div className={styles.view} data-in={inDrawer ? 'drawer' : 'page'}><Bone w={200} h={22} /><BoneRows rows={7} /></div>
  const others = record.related.filter(({ id: other }) => !record.fields.some((field) => field.record?.id === other))
  const closed = view?.data.archived === true
  const alone = inDrawer && record.facts.length + record.splits.length + others.length + listsOf(type).length === 0 && !record.fields.some(({ key }) => isRow(key))
  return (
    <div className={styles.view} data-in={inDrawer ? 'drawer' : 'page'} data-alone={alone}>
      <Head record={record} inDrawer={inDrawer}>{!inDrawer && <Actions record={record} view={view} />}</Head>
      <Fields record={record} inDrawer={inDrawer} />
      {!alone && (
        <div className={styles.main}>
          {!inDrawer && <NextStep record={record} view={view?.data} />}
          {ROWS.map((key) => <Rows key={key} part={key} record={record} inDrawer={inDrawer} />)}
          {record.splits.length > 0 && <Splits record={record} />}
          {inDrawer && record.facts.length > 0 && <Facts record={record} />}
          {type === 'activity' && !inDrawer && <Attachments record={{ type, id }} closed={closed} />}
          <Around type={type} id={id} inDrawer={inDrawer} />
          {type !== 'activity' && !inDrawer && <Attachments record={{ type, id }} closed={closed} />}
          {others.length > 0 && <Related others={others} inDrawer={inDrawer} />}
          {!inDrawer && <Timeline record={{ type, id }} facts={record.facts} canComment={me.permissions.includes('comment') && !closed} instead={record.facts.length > 0 && <Facts record={record} />} />}
        </div>
      )}
    </div>
  )
}

const amountOf = (record: RecordDetail) => record.fields.find(({ key }) => key === 'amount')

function Head({ record, inDrawer, children }: { record: RecordDetail; inDrawer: boolean; children: ReactNode }) {
  const amount = amountOf(record)
  return (
    <header className={styles.head}>
      {inDrawer && <span>{record.type_name}</span>}
      <h2><bdi>{record.title}</bdi>{!inDrawer && <Pin record={{ type: record.type, id: record.id }} />}</h2>
      {amount?.value && <BigFigure figure={{ value: amount.value, unit: 'money', currency: amount.currency ?? null, why: null }} identity={record.id} size={inDrawer ? 22 : 28} />}
      {record.type === 'contract' && amount?.value && <Collected record={record} amount={amount.value} currency={amount.currency ?? ''} />}
      {children}
    </header>
  )
}

/** How much of a contract has come in. */
function Collected({ record, amount, currency }: { record: RecordDetail; amount: string; currency: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const paid = record.fields.filter(({ key }) => key === 'payment').reduce((sum, row) => addDecimal(sum, row.value ?? '0'), '0.00')
  if (isZero(amount)) return null
  return (
    <div className={styles.collected}>
      <span>{t('record.collected')} <b>{format.money(paid, currency)}</b></span>
      <Track ratio={String(ratioOf(paid, amount))} scale={1} />
    </div>
  )
}

function Fields({ record, inDrawer }: { record: RecordDetail; inDrawer: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  // The amount stands at the head.
  const shown = record.fields.filter((field) => field.value && !isRow(field.key) && field.key !== 'amount')
  const text = (field: typeof shown[number]) => (field.key === 'refers_to' ? groupNumbers(field.value ?? '') : format.value(field.value, field.unit, field.currency))
  return (
    <section className={styles.card} aria-label={t('record.details')}>
      <dl className={styles.fields}>
        {shown.map((field, index) => (
          <div key={index}>
            <dt>{field.label}</dt>
            <dd>{field.record ? <To record={field.record} inDrawer={inDrawer} className={styles.link}>{text(field)}</To> : text(field)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Rows({ part, record, inDrawer }: { part: Part; record: RecordDetail; inDrawer: boolean }) {
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
              <span className={styles.end}>{row.record ? <To record={row.record} inDrawer={inDrawer} className={styles.link}>{amount}</To> : amount}</span>
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
            {split.from && <small>{t('version.since', { date: formatDate(split.from) })}</small>}
            <span className={styles.end}>{formatRate(split.share)}</span>
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
      <ol className={styles.timeline}>
        {record.facts.map((fact) => (
          <li key={fact.id}>
            <time dateTime={fact.date}>{formatDate(fact.date)}</time>
            <span>{fact.kind_name}{fact.label && !said.has(fact.label) && <small>{fact.label}</small>}{fact.note && <small>{fact.note}</small>}</span>
            <span className={styles.end}>{isZero(fact.amount.amount) ? '' : format.money(fact.amount.amount, fact.amount.currency, false)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What no field leads to already. */
function Related({ others, inDrawer }: { others: RecordDetail['related']; inDrawer: boolean }) {
  const { t } = useTranslation()
  return (
    <section className={styles.part}>
      <h3>{t('record.related')}</h3>
      <ul>{others.map((other) => <li key={`${other.type}/${other.id}`}><RecordRow record={other} name={other.name} note={other.type_name} inDrawer={inDrawer} /></li>)}</ul>
    </section>
  )
}

