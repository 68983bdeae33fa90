import { useEffect, useEffectEvent, useMemo, useRef } from 'react'
import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query'
import { getUrl } from '@/api/client'
import type { KindName, ListPage, Row } from './model'
import { flatten, isStale, pagesInView, type Asked } from './rows'

const PAGE = 100
/** Rows that are there before one comes to them. */
const AHEAD = 40
/** Coming back after so long, what is in view is asked for anew. */
const FRESH_MS = 15_000

type Pages<T> = InfiniteData<Asked<T>, string | null>

async function ask<T extends Row>(kind: KindName, query: string, cursor: string | null, signal?: AbortSignal): Promise<Asked<T>> {
  const at = Date.now()
  const page = await getUrl<ListPage<T>>(`/api/v1/${kind}?${query}&limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, signal)
  return { ...page, at }
}

/** Never asked anew as a whole: ten thousand rows are a hundred pages, of which one is in view. */
const options = <T extends Row>(kind: KindName, query: string) => infiniteQueryOptions({
  queryKey: ['list', kind, query],
  queryFn: ({ pageParam, signal }) => ask<T>(kind, query, pageParam, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor ?? null,
  staleTime: Infinity, refetchOnMount: false, refetchOnWindowFocus: false, refetchOnReconnect: false,
  placeholderData: keepPreviousData,
})

/** The rows of a list, page by page as they come into view; after news only what is in view is asked for again. */
export function useRows<T extends Row>(kind: KindName, query: string) {
  const queryClient = useQueryClient()
  const result = useInfiniteQuery(options<T>(kind, query))
  const { data, isStale: invalidated, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage } = result
  const loaded = useMemo(() => flatten<T>(data?.pages ?? []), [data])
  const view = useRef<[number, number]>([0, 0])
  const since = useRef(0)
  const busy = useRef(false)

  const refresh = async () => {
    const key = ['list', kind, query]
    const before = queryClient.getQueryData<Pages<T>>(key)
    if (!before || busy.current) return
    const range = pagesInView(loaded.pages, ...view.current)
    if (!isStale(before.pages, range, since.current)) return
    busy.current = true
    try {
      const [first, last] = range
      const pages = before.pages.slice(0, first)
      const pageParams = before.pageParams.slice(0, first)
      let cursor = before.pageParams[first] ?? null
      for (let at = first; at <= last; at += 1) {
        const page = await ask<T>(kind, query, cursor)
        pages.push(page)
        pageParams.push(cursor)
        if (!page.next_cursor) break
        cursor = page.next_cursor
      }
      // Those behind begin where these ended before: they come again when one gets there.
      if (queryClient.getQueryData<Pages<T>>(key) === before) queryClient.setQueryData<Pages<T>>(key, { pages, pageParams })
    } catch {
      // What is there stays; the next news asks again.
      since.current = 0
    } finally {
      busy.current = false
    }
  }

  const onNews = useEffectEvent(() => {
    since.current = Date.now()
    void refresh()
  })
  useEffect(() => { if (invalidated && data && !isPlaceholderData) onNews() }, [invalidated, data, isPlaceholderData])

  const onBack = useEffectEvent(() => {
    since.current = Date.now() - FRESH_MS
    void refresh()
  })
  useEffect(() => { onBack() }, [kind, query])

  /** The list says which rows are in view. */
  const onView = (first: number, last: number) => {
    view.current = [first, last]
    if (last >= loaded.rows.length - AHEAD && hasNextPage && !isFetchingNextPage && !isPlaceholderData && !busy.current) void fetchNextPage()
    else if (since.current > 0) void refresh()
  }
  return { ...result, loaded, onView }
}
