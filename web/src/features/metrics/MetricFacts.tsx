import { useRef } from 'react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useTranslation } from 'react-i18next'
import { queries, type SubjectQuery } from '@/api/queries'
import type { MetricFact, Unit } from '@/api/types'
import { formatDay, formatRate, useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { Section } from '@/components/ui/Section'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import { useDrawer } from '@/components/why/address'
import styles from './MetricFacts.module.css'

const ROW = 36
/** Beyond this many rows only those in view are in the page. */
const VIRTUAL_FROM = 60

/** The facts the value is made of, page by page; a row opens its record. */
export function MetricFacts({ code, query, unit }: { code: string; query: SubjectQuery; unit: Unit }) {
  const { t } = useTranslation()
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(queries.metricFacts(code, query))
  const facts = data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Section title={t('why.facts')} note={data ? t(hasNextPage ? 'metrics.facts_so_far' : 'pay.lines_count', { count: facts.length }) : null}>
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : isPending ? <BoneRows rows={6} /> : facts.length === 0 ? <Empty title={t('metrics.no_facts')}>{t('metrics.no_facts_help')}</Empty> : (
        <>
        <div role="table" aria-label={t('why.facts')} aria-rowcount={hasNextPage ? -1 : facts.length + 1}>
          <div role="row" className={`${styles.row} ${styles.header}`}>
            {['date', 'kind', 'what', 'person', 'share', 'counted'].map((column) => <span role="columnheader" key={column} className={styles[column]}>{t(`metrics.col.${column}`)}</span>)}
          </div>
          {facts.length > VIRTUAL_FROM ? <VirtualRows facts={facts} unit={unit} /> : <div role="rowgroup">{facts.map((fact) => <Row key={fact.id} fact={fact} unit={unit} />)}</div>}
        </div>
        {hasNextPage && <Button type="link" className={styles.more} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('action.more')}</Button>}
        </>
      )}
    </Section>
  )
}

function VirtualRows({ facts, unit }: { facts: MetricFact[]; unit: Unit }) {
  const scroller = useRef<HTMLDivElement>(null)
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer keeps its own state; nothing here is memoised by it
  const rows = useVirtualizer({ count: facts.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10 })
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
    <div ref={scroller} className={styles.scroller} role="rowgroup" tabIndex={0}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
        {rows.getVirtualItems().map((item) => {
          const fact = facts[item.index]
          return fact && <Row key={fact.id} fact={fact} unit={unit} top={item.start} index={item.index + 2} />
        })}
      </div>
    </div>
  )
}

function Row({ fact, unit, top, index }: { fact: MetricFact; unit: Unit; top?: number; index?: number }) {
  const format = useFormat()
  const drawer = useDrawer()
  const record = fact.record
  const counted = unit === 'money' ? format.money(fact.value, null, false) : format.value(fact.value, unit === 'percent' ? 'count' : unit)
  return (
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the name in the row is the button for the keyboard
    <div role="row" aria-rowindex={index} className={styles.row} data-open={record !== null && drawer.record?.id === record.id} style={top === undefined ? undefined : { position: 'absolute', top, left: 0, right: 0 }} onClick={() => { if (record) drawer.openRecord(record) }}>
      <span role="cell" className={styles.date}>{formatDay(fact.date)}</span>
      <span role="cell" className={styles.kind}>{fact.kind_name}</span>
      <span role="cell" className={styles.what}>{record ? <button type="button" onClick={(event) => { event.stopPropagation(); drawer.openRecord(record) }}>{fact.label ?? fact.kind_name}</button> : fact.label}</span>
      <span role="cell" className={styles.person}>{fact.person?.name ?? '—'}</span>
      <span role="cell" className={styles.share}>{formatRate(fact.share)}</span>
      <span role="cell" className={styles.counted}>{counted}</span>
    </div>
  )
}
