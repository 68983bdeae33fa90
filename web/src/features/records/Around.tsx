import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getUrl } from '@/api/client'
import type { Listed, Page } from '@/api/types'
import { useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { BoneRows } from '@/components/ui/States'
import { RecordRow } from './RecordRow'
import styles from './RecordView.module.css'

const SHOWN = 5

interface Shape {
  list: string
  type: string
  by: string
  /** The order, by the date that the rows show. */
  sort: string
  /** What else narrows it, and what it is called then. */
  only?: { query: string; name: string }
  row: (item: Listed) => { name: string; note?: string | null; date?: string | null }
}
type Kind = Omit<Shape, 'by'>

const OPEN: Kind = { list: 'opportunities', type: 'opportunity', sort: 'expected_close_on', only: { query: 'status=open', name: 'open_opportunities' }, row: ({ name, expected_close_on }) => ({ name: name ?? '', date: expected_close_on }) }
// Whatever has a day of closing is closed.
const CLOSED: Kind = { list: 'opportunities', type: 'opportunity', sort: '-closed_on', only: { query: 'closed_from=1900-01-01', name: 'closed_opportunities' }, row: ({ name, status, closed_on }) => ({ name: name ?? '', note: status, date: closed_on }) }
const CONTRACTS: Kind = { list: 'contracts', type: 'contract', sort: '-signed_on', row: ({ number, name, signed_on }) => ({ name: number ?? name ?? '', date: signed_on }) }
const CONTACTS: Kind = { list: 'contacts', type: 'contact', sort: 'name', row: ({ name, title }) => ({ name: name ?? '', note: title }) }
const ACTIVITIES: Kind = { list: 'activities', type: 'activity', sort: '-happened_at', row: ({ subject, kind, happened_on }) => ({ name: subject ?? '', note: kind, date: happened_on }) }
const INVOICES: Kind = { list: 'invoices', type: 'invoice', sort: '-issued_on', row: ({ number, kind, issued_on }) => ({ name: number ?? '', note: kind === 'credit_note' ? kind : null, date: issued_on }) }
const ORDERS: Kind = { list: 'orders', type: 'sales_order', sort: '-sold_on', row: ({ number, status, sold_on }) => ({ name: number ?? '', note: status === 'open' ? null : status, date: sold_on }) }
const DELIVERIES: Kind = { list: 'deliveries', type: 'delivery', sort: '-delivered_on', row: ({ quantity, place, delivered_on }) => ({ name: place ?? quantity ?? '', note: place ? quantity : null, date: delivered_on }) }

const by = (column: string, ...kinds: Kind[]): Shape[] => kinds.map((kind) => ({ ...kind, by: column }))
const AROUND: Record<string, Shape[]> = {
  account: by('account_id', OPEN, CLOSED, CONTRACTS, ORDERS, INVOICES, CONTACTS, ACTIVITIES),
  opportunity: by('opportunity_id', CONTRACTS, ACTIVITIES),
  contract: by('contract_id', INVOICES, ORDERS),
  contact: by('contact_id', ACTIVITIES),
  lead: by('lead_id', ACTIVITIES),
  sales_order: by('order_id', DELIVERIES),
}

/** The lists that may stand below a kind of record. */
export const listsOf = (type: string): Shape[] => AROUND[type] ?? []

/**
 * What hangs on a record: the deals and contracts of a customer. Visits and calls stand in the timeline of a page; the drawer
 * has none and lists them.
 */
export function Around({ type, id, inDrawer }: { type: string; id: string; inDrawer: boolean }) {
  return listsOf(type).filter(({ list }) => inDrawer || list !== 'activities').map((shape) => <List key={shape.only?.name ?? shape.list} shape={shape} id={id} inDrawer={inDrawer} />)
}

function List({ shape, id, inDrawer }: { shape: Shape; id: string; inDrawer: boolean }) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const { data, error, isFetching, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['record', shape.only?.name ?? shape.list, shape.by, id],
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<Listed>) => last.next_cursor,
    queryFn: ({ pageParam, signal }) => getUrl<Page<Listed>>(`/api/v1/${shape.list}?${shape.by}=${id}&sort=${shape.sort}${shape.only ? `&${shape.only.query}` : ''}&limit=${pageParam ? 50 : SHOWN}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`, signal),
  })
  const items = data?.pages.flatMap((page) => page.items) ?? []
  // A list out of one's reach has no place here; neither has an empty one.
  if (error || (data && items.length === 0)) return null
  const word = (text: string | null | undefined) => (text && i18n.exists(`record.word.${text}`) ? t(`record.word.${text}`) : text)
  return (
    <section className={styles.part}>
      <h3>{t(`record.list.${shape.only?.name ?? shape.list}`)}</h3>
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
