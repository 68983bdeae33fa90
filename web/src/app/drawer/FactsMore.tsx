import { useState } from 'react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getUrl } from '@/api/client'
import type { MetricFact, Page, PayFact, RecordRef } from '@/api/types'
import { formatDay, useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { BoneRows, ErrorState } from '@/components/ui/States'
import { WhyLink } from '@/components/why/WhyLink'
import styles from './WhyView.module.css'

/** All the facts or lines behind a figure, page by page: when asked for, or at once where it is `open`. */
export function FactsMore({ href, openRecord, open, basis }: { href: string; openRecord: (record: RecordRef) => void; open: boolean; basis: boolean }) {
  const { t } = useTranslation()
  const [wanted, setWanted] = useState(open)
  const { data, error, isFetching, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['why', href, 'facts'], enabled: wanted,
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<MetricFact | PayFact>) => last.next_cursor,
    queryFn: ({ pageParam, signal }) => getUrl<Page<MetricFact | PayFact>>(pageParam ? `${href}${href.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(pageParam)}` : href, signal),
  })
  if (!wanted) return <Button size="small" type="link" className={styles.more} onClick={() => setWanted(true)}>{t('why.all_facts')}</Button>
  if (error) return <ErrorState error={error} />
  return (
    <>
      <ul className={styles.facts} aria-label={t('why.all_facts')}>
        {data?.pages.flatMap((page) => page.items).map((fact) => <li key={fact.id}>{'why' in fact ? <LineRow line={fact} amount={basis ? fact.basis ?? fact.amount : fact.amount} openRecord={openRecord} /> : <FactRow fact={fact} openRecord={openRecord} />}</li>)}
      </ul>
      {isFetching && <BoneRows rows={3} height={28} />}
      {hasNextPage && !isFetching && <Button size="small" type="link" className={styles.more} onClick={() => void fetchNextPage()}>{t('action.more')}</Button>}
    </>
  )
}

function FactRow({ fact, openRecord }: { fact: MetricFact; openRecord: (record: RecordRef) => void }) {
  const { money } = useFormat()
  return (
    <button type="button" onClick={() => openRecord(fact.record)}>
      <time dateTime={fact.date}>{formatDay(fact.date)}</time>
      <span className={styles.factText}>{fact.kind_name}{fact.label && <small>{fact.label}</small>}</span>
      <span className={styles.amount}>{money(fact.amount.amount, fact.amount.currency, false)}</span>
    </button>
  )
}

/** A line of pay, by what it pays or is paid on: its name opens the record, its amount the reason. */
function LineRow({ line, amount, openRecord }: { line: PayFact; amount: PayFact['amount']; openRecord: (record: RecordRef) => void }) {
  const { money } = useFormat()
  return (
    <div className={styles.payRow}>
      <button type="button" onClick={() => openRecord(line.record)}>
        <time dateTime={line.date}>{formatDay(line.date)}</time>
        <span className={styles.factText}>{line.label || line.kind_name}<small>{line.component_name}</small></span>
      </button>
      <span className={styles.amount}><WhyLink url={line.why} nested>{money(amount.amount, amount.currency, false)}</WhyLink></span>
    </div>
  )
}
