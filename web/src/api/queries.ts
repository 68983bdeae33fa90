import { infiniteQueryOptions, keepPreviousData, queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { client, getUrl, unwrap } from './client'
import type { Estimate, Me, MetricFact, MetricValues, Page, PlanCurves, RecordDetail, Team, TeamAttainment, Why } from './types'

/** Definitions change seldom; what changes is announced by the event stream. */
const SELDOM = 5 * 60_000

export interface SubjectQuery { subject: string; period: string; product_line?: string; region?: string; tier?: string }

export const queries = {
  me: () => queryOptions({ queryKey: ['me'], queryFn: () => unwrap<Me>(client.GET('/api/v1/me')), staleTime: SELDOM, retry: false }),

  pace: (period: string) => queryOptions({
    queryKey: ['pace', period], staleTime: SELDOM,
    queryFn: () => unwrap(client.GET('/api/v1/pace', { params: { query: { period } } })),
  }),

  estimate: (person: string, period: string) => queryOptions({
    queryKey: ['estimate', person, period],
    queryFn: () => unwrap<Estimate>(client.GET('/api/v1/people/{id}/estimate', { params: { path: { id: person }, query: { period } } })),
  }),

  unread: () => queryOptions({ queryKey: [INBOX_KEY, 'count'], staleTime: 60_000, queryFn: async () => (await unwrap(client.GET('/api/v1/notifications/count'))).unread }),

  people: (q: string) => queryOptions({
    queryKey: ['people', q], staleTime: 60_000, placeholderData: keepPreviousData,
    queryFn: () => unwrap(client.GET('/api/v1/people', { params: { query: { q, limit: 20 } } })),
  }),

  search: (q: string) => queryOptions({
    queryKey: ['search', q], staleTime: 10_000, placeholderData: keepPreviousData,
    queryFn: () => unwrap(client.GET('/api/v1/search', { params: { query: { q } } })),
  }),

  teams: () => queryOptions({
    queryKey: ['teams'], staleTime: SELDOM,
    queryFn: async (): Promise<Team[]> => (await unwrap<Page<Team>>(client.GET('/api/v1/teams'))).items,
  }),

  /** Without a metric: the one that has targets in the period. */
  attainment: (team: string, period: string, metric: string | null) => queryOptions({
    queryKey: ['attainment', team, period, metric],
    queryFn: () => unwrap<TeamAttainment>(client.GET('/api/v1/teams/{id}/attainment', { params: { path: { id: team }, query: metric ? { period, metric } : { period } } })),
  }),

  metrics: () => queryOptions({ queryKey: ['metrics'], staleTime: SELDOM, queryFn: async () => (await unwrap(client.GET('/api/v1/metrics'))).items }),

  metric: (code: string) => queryOptions({
    queryKey: ['metrics', code], staleTime: SELDOM,
    queryFn: () => unwrap(client.GET('/api/v1/metrics/{code}', { params: { path: { code } } })),
  }),

  metricValues: (code: string, query: SubjectQuery, by: string) => queryOptions({
    queryKey: ['metric-values', code, query, by], placeholderData: keepPreviousData,
    queryFn: () => unwrap<MetricValues>(client.GET('/api/v1/metrics/{code}/values', { params: { path: { code }, query: { ...query, by } } })),
  }),

  metricFacts: (code: string, query: SubjectQuery) => infiniteQueryOptions({
    queryKey: ['metric-facts', code, query],
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<MetricFact>) => last.next_cursor,
    queryFn: ({ pageParam }) => unwrap<Page<MetricFact>>(
      client.GET('/api/v1/metrics/{code}/facts', { params: { path: { code }, query: { ...query, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } } }),
    ),
  }),

  plans: () => queryOptions({ queryKey: ['plans'], staleTime: SELDOM, queryFn: async () => (await unwrap(client.GET('/api/v1/plans'))).items }),

  plan: (id: string, version: string | null) => queryOptions({
    queryKey: ['plans', id, version], staleTime: SELDOM, placeholderData: keepPreviousData,
    queryFn: () => unwrap(client.GET('/api/v1/plans/{id}', { params: { path: { id }, query: version ? { version: Number(version) } : {} } })),
  }),

  planPeople: (id: string) => queryOptions({
    queryKey: ['plans', id, 'people'], staleTime: SELDOM,
    queryFn: async () => (await unwrap(client.GET('/api/v1/plans/{id}/people', { params: { path: { id } } }))).items,
  }),

  /** What the plan's components pay, by a person's target where one is named. */
  planCurves: (id: string, version: number, person: string | null) => queryOptions({
    queryKey: ['plan-curves', id, version, person], placeholderData: keepPreviousData,
    queryFn: () => unwrap<PlanCurves>(client.GET('/api/v1/plans/{id}/curves', { params: { path: { id }, query: person ? { version, person } : { version } } })),
  }),

  record: (type: string, id: string) => queryOptions({
    queryKey: ['record', type, id],
    queryFn: () => unwrap<RecordDetail>(client.GET('/api/v1/records/{type}/{id}', { params: { path: { type, id } } })),
  }),

  why: (url: string) => queryOptions({ queryKey: ['why', url], queryFn: ({ signal }) => getUrl<Why>(url, signal) }),
}

/** Query keys whose answers depend on facts: a booked fact makes them stale. */
export const FACT_KEYS = ['estimate', 'attainment', 'metric-values', 'metric-facts', 'record', 'why', 'pace', 'plan-curves', 'board', 'desk'] as const

/** What the inbox is asked by. */
export const INBOX_KEY = 'inbox'

/** Lists hold many pages: after news they ask for those in view, by themselves. */
export const LIST_KEY = 'list'

/** The signed-in user; only below the signed-in part of the router, where it is loaded. */
export function useMe(): Me {
  return useSuspenseQuery(queries.me()).data
}

/** Whoever has teams to look at. */
export const seesTeams = (me: Me) => me.permissions.includes('view_team')

export function useCan(permission: Me['permissions'][number]): boolean {
  return useMe().permissions.includes(permission)
}

