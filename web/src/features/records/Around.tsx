import Button from 'antd/es/button'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getUrl } from '@/api/client'
import type { Listed, Page } from '@/api/types'
import { useFormat } from '@/components/format/format'
import { BoneRows } from '@/components/ui/States'
import { RecordRow } from './RecordRow'
import styles from './RecordView.module.css'

const SHOWN = 5

interface Shape { list: string; type: string; by: string; row: (item: Listed) => { name: string; note?: string | null; date?: string | null } }

const OPPORTUNITIES: Omit<Shape, 'by'> = { list: 'opportunities', type: 'opportunity', row: ({ name, status, closed_on, expected_close_on }) => ({ name: name ?? '', note: status, date: closed_on ?? expected_close_on }) }
const CONTRACTS: Omit<Shape, 'by'> = { list: 'contracts', type: 'contract', row: ({ number, name, signed_on }) => ({ name: number ?? name ?? '', date: signed_on }) }
const CONTACTS: Omit<Shape, 'by'> = { list: 'contacts', type: 'contact', row: ({ name, title }) => ({ name: name ?? '', note: title }) }
const ACTIVITIES: Omit<Shape, 'by'> = { list: 'activities', type: 'activity', row: ({ subject, kind, happened_on }) => ({ name: subject ?? '', note: kind, date: happened_on }) }
const INVOICES: Omit<Shape, 'by'> = { list: 'invoices', type: 'invoice', row: ({ number, issued_on }) => ({ name: number ?? '', date: issued_on }) }
const DELIVERIES: Omit<Shape, 'by'> = { list: 'deliveries', type: 'delivery', row: ({ quantity, place, delivered_on }) => ({ name: place ?? quantity ?? '', date: delivered_on }) }

const AROUND: Record<string, Shape[]> = {
  account: [OPPORTUNITIES, CONTRACTS, CONTACTS, ACTIVITIES].map((shape) => ({ ...shape, by: 'account_id' })),
  opportunity: [CONTRACTS, ACTIVITIES].map((shape) => ({ ...shape, by: 'opportunity_id' })),
  contract: [{ ...INVOICES, by: 'contract_id' }],
  lead: [{ ...ACTIVITIES, by: 'lead_id' }],
  sales_order: [{ ...DELIVERIES, by: 'order_id' }],
}

/** The lists that may stand below a kind of record. */
export const listsOf = (type: string): Shape[] => AROUND[type] ?? []

/** What hangs on a record, newest first: the deals and contracts of a customer, the visits of a deal. */
export function Around({ type, id, inDrawer }: { type: string; id: string; inDrawer: boolean }) {
  return listsOf(type).map((shape) => <List key={shape.list} shape={shape} id={id} inDrawer={inDrawer} />)
}

function List({ shape, id, inDrawer }: { shape: Shape; id: string; inDrawer: boolean }) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const { data, error, isFetching, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['record', shape.list, shape.by, id],
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<Listed>) => last.next_cursor,
    queryFn: ({ pageParam, signal }) => getUrl<Page<Listed>>(`/api/v1/${shape.list}?${shape.by}=${id}&limit=${pageParam ? 50 : SHOWN}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`, signal),
  })
  const items = data?.pages.flatMap((page) => page.items) ?? []
  // A list out of one's reach has no place here; neither has an empty one.
  if (error || (data && items.length === 0)) return null
  const word = (text: string | null | undefined) => (text && i18n.exists(`record.word.${text}`) ? t(`record.word.${text}`) : text)
  return (
    <section className={styles.part}>
      <h3>{t(`record.list.${shape.list}`)}</h3>
      <ul>
        {items.map((item) => {
          const row = shape.row(item)
          return <li key={item.id}><RecordRow record={{ type: shape.type, id: item.id }} name={row.name} note={word(row.note)} date={row.date} amount={item.amount ? format.money(item.amount.amount, item.amount.currency, false) : null} inDrawer={inDrawer} /></li>
        })}
      </ul>
      {isFetching && <BoneRows rows={2} height={32} />}
      {hasNextPage && !isFetching && <Button size="small" type="link" className={styles.more} onClick={() => void fetchNextPage()}>{t('action.more')}</Button>}
    </section>
  )
}
