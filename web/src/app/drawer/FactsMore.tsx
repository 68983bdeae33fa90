import { useState } from 'react'
import Button from 'antd/es/button'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getUrl } from '@/api/client'
import type { MetricFact, Page, RecordRef } from '@/api/types'
import { formatDay, useFormat } from '@/components/format/format'
import { BoneRows, ErrorState } from '@/components/ui/States'
import styles from './WhyView.module.css'

/** All the facts behind a figure, page by page, when asked for. */
export function FactsMore({ href, openRecord }: { href: string; openRecord: (record: RecordRef) => void }) {
  const { t } = useTranslation()
  const { money } = useFormat()
  const [wanted, setWanted] = useState(false)
  const { data, error, isFetching, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['why', href, 'facts'], enabled: wanted,
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<MetricFact>) => last.next_cursor,
    queryFn: ({ pageParam, signal }) => getUrl<Page<MetricFact>>(pageParam ? `${href}${href.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(pageParam)}` : href, signal),
  })
  if (!wanted) return <Button size="small" type="link" className={styles.more} onClick={() => setWanted(true)}>{t('why.all_facts')}</Button>
  if (error) return <ErrorState error={error} />
  return (
    <>
      <ul className={styles.facts} aria-label={t('why.all_facts')}>
        {data?.pages.flatMap((page) => page.items).map((fact) => {
          const inside = (
            <>
              <time dateTime={fact.date}>{formatDay(fact.date)}</time>
              <span className={styles.factText}>{fact.kind_name}{fact.label && <small>{fact.label}</small>}</span>
              <span className={styles.amount}>{fact.amount ? money(fact.amount.amount, fact.amount.currency, false) : fact.value ?? ''}</span>
            </>
          )
          const record = fact.record
          return <li key={fact.id}>{record ? <button type="button" onClick={() => openRecord(record)}>{inside}</button> : <div>{inside}</div>}</li>
        })}
      </ul>
      {isFetching && <BoneRows rows={3} height={28} />}
      {hasNextPage && !isFetching && <Button size="small" type="link" className={styles.more} onClick={() => void fetchNextPage()}>{t('action.more')}</Button>}
    </>
  )
}
