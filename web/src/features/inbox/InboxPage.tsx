import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { AtSign, Banknote, ClipboardList, FileUp, MessageSquare, Target, Trophy, UserMinus, UserPlus, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { inboxQueries, mark, type Notification, type NotificationKind } from '@/api/desk'
import { INBOX_KEY, useMe } from '@/api/queries'
import { Select } from '@/components/antd/soon'
import { isNegative } from '@/components/format/decimal'
import { formatMoment, groupNumbers, useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { PageHeader } from '@/components/ui/PageHeader'
import { Segmented } from '@/components/ui/Segmented'
import { BoneRows, Empty, ErrorState, useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { useFilters } from '@/components/ui/paramsState'
import { WhyLink } from '@/components/why/WhyLink'
import styles from './Inbox.module.css'

const ICONS: Record<NotificationKind, LucideIcon> = {
  mention: AtSign, comment: MessageSquare, assigned: UserPlus, unassigned: UserMinus, payment: Banknote, target: Target, plan: ClipboardList, import: FileUp, deal_closed: Trophy,
}

/** Where a message leads; null where the reader no longer sees what it is about. */
function leadsTo({ record, kind }: Notification): string | null {
  if (kind === 'target') return '/desk?view=mine'
  if (!record) return null
  if (record.type === 'plan') return `/plans/${record.id}`
  if (record.type === 'import') return `/settings/imports/${record.id}`
  return `/records/${record.type}/${record.id}${kind === 'comment' || kind === 'mention' ? '?comment=1' : ''}`
}

/** One's own messages, the newest first. J and K go through them, Enter opens, E marks as read. */
export function InboxPage() {
  const { t } = useTranslation()
  const [params, setFilters] = useFilters()
  const unread = params.get('show') !== 'all'
  const { data: kinds } = useQuery(inboxQueries.settings())
  const kind = kinds?.find((one) => one.kind === params.get('kind'))?.kind ?? null
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(inboxQueries.page({ kind, unread }))
  const items = data?.pages.flatMap((page) => page.items) ?? []
  const marking = useMarking()
  return (
    <div className={styles.page}>
      <PageHeader title={t('inbox.title')}>
        <Segmented value={unread ? 'unread' : 'all'} onChange={(next) => setFilters({ show: next === 'all' ? 'all' : null })} options={[{ value: 'unread', label: t('inbox.unread') }, { value: 'all', label: t('inbox.all') }]} aria-label={t('inbox.which')} />
        <Select value={kind ?? ''} onChange={(next) => setFilters({ kind: next || null })} options={[{ value: '', label: t('inbox.every_kind') }, ...(kinds ?? []).map((one) => ({ value: one.kind, label: one.name }))]} aria-label={t('inbox.kind')} popupMatchSelectWidth={false} />
        {items.some(({ read }) => !read) && <Button onClick={() => void marking.all(kind)}>{t('inbox.read_all')}</Button>}
      </PageHeader>
      {error && !data
        ? <ErrorState error={error} retry={() => void refetch()} />
        : !data
          ? <BoneRows rows={8} height={56} />
          : items.length === 0
            ? <Empty title={t(unread ? 'inbox.empty_unread' : 'inbox.empty')} action={unread && <Button onClick={() => setFilters({ show: 'all' })}>{t('inbox.see_all')}</Button>}>{t('inbox.empty_help')}</Empty>
            : <Messages items={items} marking={marking} />}
      {hasNextPage && <Button type="link" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('action.more')}</Button>}
      {data && <p className={styles.foot}>{items.length > 0 && <span className={styles.keys}>{t('inbox.keys')}</span>}<span>{t('inbox.kept')}</span><Link to="/settings">{t('inbox.settings')}</Link></p>}
    </div>
  )
}

interface Marking { one: (item: Notification) => Promise<void>; all: (kind: NotificationKind | null) => Promise<void> }

/** Marks as read; all at once can be taken back. */
function useMarking(): Marking {
  const { t } = useTranslation()
  const toast = useToast()
  const text = useErrorText()
  const queryClient = useQueryClient()
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      toast({ title: text(error), tone: 'behind' })
    }
    await queryClient.invalidateQueries({ queryKey: [INBOX_KEY] })
  }
  return {
    one: (item) => attempt(() => mark({ read: !item.read, ids: [item.id] })),
    all: (kind) => attempt(async () => {
      const { count, marked_at } = await mark({ read: true, ...(kind ? { kind } : {}) })
      if (marked_at) toast({ title: t('inbox.marked', { count }), action: { label: t('record.undo'), run: () => void attempt(() => mark({ read: false, marked_at })) } })
    }),
  }
}

function Messages({ items, marking }: { items: Notification[]; marking: Marking }) {
  const list = useRef<HTMLOListElement>(null)
  const [at, setAt] = useState(-1)
  const navigate = useNavigate()
  const go = (to: number) => {
    const next = Math.max(0, Math.min(items.length - 1, to))
    setAt(next)
    list.current?.querySelectorAll<HTMLElement>('[data-row]')[next]?.focus()
  }
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target
    if (event.ctrlKey || event.metaKey || event.altKey || (target instanceof HTMLElement && target.closest('input, textarea, [role="combobox"], dialog, [role="dialog"]'))) return
    const item = items[at]
    switch (event.key.toLowerCase()) {
      case 'j': go(at + 1); break
      case 'k': go(at - 1); break
      case 'e': if (item) void marking.one(item); break
      case 'enter': { const to = item && target instanceof HTMLElement && target.matches('[data-row]') ? leadsTo(item) : null; if (item && to) { if (!item.read) void marking.one(item); void navigate(to) } break }
      default: return
    }
    event.preventDefault()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
  return <ol className={styles.list} ref={list} data-testid="inbox">{items.map((item, index) => <Message key={item.id} item={item} marking={marking} onFocus={() => setAt(index)} />)}</ol>
}

function Message({ item, marking, onFocus }: { item: Notification; marking: Marking; onFocus: () => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const format = useFormat()
  const Icon = ICONS[item.kind]
  const to = leadsTo(item)
  const title = groupNumbers(item.title)
  return (
     
    <li className={styles.item} data-row data-read={item.read} data-kind={item.kind} tabIndex={-1} onFocus={onFocus}>
      <span className={styles.icon}><Icon size={15} aria-hidden />{!item.read && <span className="visually-hidden">{t('inbox.unread')}</span>}</span>
      <div className={styles.what}>
        <p className={styles.title}>{to ? <Link to={to} onClick={() => { if (!item.read) void marking.one(item) }}><bdi>{title}</bdi></Link> : <bdi>{title}</bdi>}</p>
        {item.text && <p className={styles.text} dir="auto">{item.text}</p>}
        {item.estimate?.value && <p className={styles.text}>{t('inbox.estimate')} <b data-tone={isNegative(item.estimate.value) ? 'behind' : 'ahead'}><WhyLink url={item.estimate.why}>{isNegative(item.estimate.value) ? '' : '+'}{format.money(item.estimate.value, item.estimate.currency)}</WhyLink></b></p>}
      </div>
      {item.amount && <b className={styles.amount}>{format.round(item.amount.amount, item.amount.currency, true)}</b>}
      <time dateTime={item.at}>{formatMoment(item.at, me.company.timezone)}</time>
      <button type="button" className={styles.mark} onClick={() => void marking.one(item)}>{t(item.read ? 'inbox.mark_unread' : 'inbox.mark_read')}</button>
    </li>
  )
}
