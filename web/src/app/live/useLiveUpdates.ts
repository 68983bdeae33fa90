import { useEffect, useEffectEvent } from 'react'
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { earlyLine } from '@/api/early'
import { FACT_KEYS, INBOX_KEY, LIST_KEY, queries, useMe } from '@/api/queries'
import type { ChangedEvent, Estimate } from '@/api/types'
import { isNegative, isZero, subtractDecimal } from '@/components/format/decimal'
import { useFormat } from '@/components/format/format'
import { useToast } from '@/components/ui/Toast'

const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 60_000

/** Follows the server's events: what a booked fact touches is asked again, and an own change of pay is said. */
export function useLiveUpdates() {
  const queryClient = useQueryClient()
  const me = useMe()
  const announce = useEffectEvent(useAnnounceOwnChange())
  const personId = me.person?.id

  useEffect(() => follow({
    onChanged: (event) => {
      if (event.inbox) void queryClient.invalidateQueries({ queryKey: [INBOX_KEY] })
      if (event.people.length === 0 && !event.definitions) return
      const mine = personId !== undefined && event.people.includes(personId)
      const before = mine ? ownEstimates(queryClient) : []
      void refresh(queryClient, event.definitions).then(() => {
        for (const [key, old] of before) announce(old, queryClient.getQueryData<Estimate>(key))
      })
    },
    // What was answered before the line was up (again) may have missed something.
    onOpen: (since) => {
      markLists(queryClient)
      void queryClient.invalidateQueries({ queryKey: [INBOX_KEY], refetchType: 'active', predicate: ({ state }) => state.dataUpdatedAt < since })
      void queryClient.invalidateQueries({
        predicate: ({ queryKey, state }) => isAboutFacts(queryKey) && state.dataUpdatedAt > 0 && state.dataUpdatedAt < since,
      })
    },
  }), [personId, queryClient])
}

function ownEstimates(queryClient: QueryClient): [readonly unknown[], Estimate][] {
  return queryClient.getQueriesData<Estimate>({ queryKey: ['estimate', 'me'], type: 'active' }).flatMap(([key, data]) => (data ? [[key, data] as [readonly unknown[], Estimate]] : []))
}

/** Says that a list is out of date without asking for all of its pages. */
const markLists = (queryClient: QueryClient) => void queryClient.invalidateQueries({ queryKey: [LIST_KEY], refetchType: 'none' })

function refresh(queryClient: QueryClient, everything: boolean): Promise<unknown> {
  markLists(queryClient)
  if (everything) return queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== queries.me().queryKey[0] && queryKey[0] !== LIST_KEY })
  return Promise.all(FACT_KEYS.map((key) => queryClient.invalidateQueries({ queryKey: [key] })))
}

function useAnnounceOwnChange() {
  const toast = useToast()
  const format = useFormat()
  const { t, i18n } = useTranslation()
  return (before: Estimate, after: Estimate | undefined) => {
    const was = before.total?.value
    const is = after?.total?.value
    if (!after || !was || !is) return
    const difference = subtractDecimal(is, was)
    if (isZero(difference)) return
    const known = new Set(before.lines.map((line) => line.id))
    const cause = after.lines.find((line) => !known.has(line.id))
    const kind = cause && i18n.exists(`kind.${cause.kind}`) ? t(`kind.${cause.kind}`) : cause?.component_name
    const what = [kind, cause?.source?.account_name ?? cause?.source?.name].filter(Boolean).join(' ')
    const money = format.money(difference, after.currency)
    toast({
      title: isNegative(difference) ? money : `+${money}`,
      detail: what ? t('live.because', { what }) : t('live.recalculated'),
      tone: isNegative(difference) ? 'behind' : 'ahead',
    })
  }
}

const isAboutFacts = (key: readonly unknown[]) => FACT_KEYS.some((name) => name === key[0])

interface Listener { onChanged: (event: ChangedEvent) => void; onOpen: (since: number) => void }

/** An event stream that comes back by itself, later and later; while it is up, the document says so (`data-live`). */
function follow({ onChanged, onOpen }: Listener): () => void {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_RETRY_MS
  const connect = () => {
    const early = earlyLine()
    source = early?.source ?? new EventSource('/api/v1/events')
    const opened = (since: number) => {
      document.documentElement.dataset.live = 'on'
      onOpen(since)
      wait = FIRST_RETRY_MS
    }
    const told = (message: MessageEvent<string>) => {
      const event = parseChanged(message.data)
      if (event) onChanged(event)
    }
    source.onopen = () => opened(Date.now())
    source.addEventListener('changed', told)
    source.onerror = () => {
      delete document.documentElement.dataset.live
      source?.close()
      timer = setTimeout(connect, wait * (0.75 + Math.random() / 2))
      wait = Math.min(wait * 2, LAST_RETRY_MS)
    }
    if (early?.openedAt) opened(early.openedAt)
    early?.told.forEach(told)
  }
  connect()
  return () => {
    clearTimeout(timer)
    delete document.documentElement.dataset.live
    source?.close()
  }
}

function parseChanged(text: string): ChangedEvent | null {
  try {
    const event = JSON.parse(text) as Partial<ChangedEvent>
    return { people: event.people ?? [], kinds: event.kinds ?? [], definitions: event.definitions ?? false, inbox: event.inbox ?? false }
  } catch {
    return null
  }
}
