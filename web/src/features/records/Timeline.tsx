import { useState, type ReactNode } from 'react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Banknote, MessageSquare, PencilLine, Phone, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { getUrl } from '@/api/client'
import { useMe } from '@/api/queries'
import type { TimelineItem } from '@/api/records'
import type { Page, RecordDetail, RecordRef } from '@/api/types'
import { isZero } from '@/components/format/decimal'
import { formatDate, formatMoment, groupNumbers, useFormat, type Formatter } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { BoneRows } from '@/components/ui/States'
import { CommentBox, OwnComment } from './Comments'
import { To } from './RecordRow'
import { Thumbnails } from './Thumbnails'
import part from './RecordView.module.css'
import styles from './Timeline.module.css'

const ICONS: Record<string, LucideIcon> = { activity: Phone, fact: Banknote, change: PencilLine, comment: MessageSquare }

/** The facts of a record among what happened at it: as far back as the list has been read. */
export function withFacts(items: readonly TimelineItem[], facts: RecordDetail['facts'], whole: boolean, said: (fact: RecordDetail['facts'][number]) => string): TimelineItem[] {
  const oldest = items.at(-1)?.at.slice(0, 10) ?? ''
  const counted = facts
    .filter((fact) => whole || fact.date >= oldest)
    .map((fact): TimelineItem => ({ id: fact.id, at: fact.date, kind: 'fact', title: fact.kind_name, text: said(fact) || null, changes: [], attachments: [], own: false }))
  const day = (item: TimelineItem) => item.at.slice(0, 10)
  // What was counted on a day stands above what led to it.
  return [...counted, ...items].sort((a, b) => (day(a) === day(b) ? 0 : day(a) < day(b) ? 1 : -1))
}

/** All that happened at a record, newest first: visits and calls, what was counted, what was changed, what was said. */
export function Timeline({ record, facts, canComment, instead }: { record: RecordRef; facts: RecordDetail['facts']; canComment: boolean; instead: ReactNode }) {
  const format = useFormat()
  const { t } = useTranslation()
  const { type, id } = record
  const { data, error, isFetching, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['record', 'timeline', type, id],
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<TimelineItem>) => last.next_cursor,
    queryFn: ({ pageParam, signal }) => getUrl<Page<TimelineItem>>(`/api/v1/records/${type}/${id}/timeline?limit=30${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`, signal),
  })
  if (error && !data) return instead
  const said = (fact: RecordDetail['facts'][number]) => [isZero(fact.amount.amount) ? '' : format.money(fact.amount.amount, fact.amount.currency), fact.note ?? ''].filter(Boolean).join(' · ')
  const items = data ? withFacts(data.pages.flatMap((page) => page.items), facts, !hasNextPage, said) : []
  return (
    <section className={part.part} data-testid="timeline">
      <h3>{t('record.timeline.title')}</h3>
      {canComment && <CommentBox record={record} />}
      {data && items.length === 0 && <p className={styles.none}>{t('record.timeline.empty')}</p>}
      <ol className={styles.list}>{items.map((item) => <Item key={`${item.kind} ${item.id}`} item={item} at={record} />)}</ol>
      {isFetching && !data && <BoneRows rows={5} height={40} />}
      {hasNextPage && <Button size="small" type="link" className={part.more} loading={isFetching} onClick={() => void fetchNextPage()}>{t('action.more')}</Button>}
    </section>
  )
}

function Item({ item, at }: { item: TimelineItem; at: RecordRef }) {
  const { t } = useTranslation()
  const me = useMe()
  const [editing, setEditing] = useState(false)
  const format: Formatter = useFormat()
  const Icon = ICONS[item.kind] ?? PencilLine
  const elsewhere = item.record && item.record.id !== at.id ? item.record : null
  return (
    <li className={styles.item} data-kind={item.kind}>
      <span className={styles.icon}><Icon size={13} aria-hidden /></span>
      <div className={styles.what}>
        <p className={styles.head}>
          <span className={styles.title}>
            <span className="visually-hidden">{t(`record.timeline.kind.${item.kind}`)} </span>
            {item.kind === 'comment' ? <bdi>{item.actor ?? ''}</bdi> : elsewhere ? <To record={elsewhere} inDrawer={false} className={part.link}><bdi>{item.title}</bdi></To> : <bdi>{item.title}</bdi>}
          </span>
          {item.actor && item.kind !== 'comment' && <small>{item.actor}</small>}
          <time dateTime={item.at}>{item.at.length > 10 ? formatMoment(item.at, me.company.timezone) : item.at.slice(5, 10)}</time>
        </p>
        {item.text && !editing && <p className={styles.text} dir="auto">{item.kind === 'comment' ? item.text : groupNumbers(item.text)}</p>}
        {item.next_step && <p className={styles.text}>{t('record.timeline.next')}<bdi>{item.next_step}</bdi>{item.next_step_on && ` · ${formatDate(item.next_step_on)}`}</p>}
        {item.changes.length > 0 && (
          <dl className={styles.changes}>
            {item.changes.map((change) => {
              const shown = (text: string | null | undefined) => (text == null ? t('record.timeline.empty_value') : change.currency ? format.money(text, change.currency) : text)
              return (
              <div key={change.field}>
                <dt>{change.label}</dt>
                <dd>{change.before == null ? <small>{shown(null)}</small> : <del><bdi>{shown(change.before)}</bdi></del>}<span aria-hidden="true"> → </span><ins><bdi>{shown(change.after)}</bdi></ins></dd>
              </div>
              )
            })}
          </dl>
        )}
        {item.kind === 'activity' && <Thumbnails files={item.attachments ?? []} />}
        {item.own && <OwnComment item={item} record={at} editing={editing} setEditing={setEditing} />}
      </div>
    </li>
  )
}
