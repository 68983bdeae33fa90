import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { client, send, unwrap } from './client'
import type { components } from './schema'

type S = components['schemas']

export type PersonDetail = S['PersonDetail']
export type Membership = S['MembershipView']
export type TeamDetail = S['TeamDetail']
export type User = S['UserView']
export type Roles = S['RolesView']
export type Company = S['CompanyView']
export type CalendarDay = S['DayView']
export type Token = S['TokenView']
export type AuditEntry = S['AuditView']
interface Page<T> { items: T[]; next_cursor?: string | null; names?: Record<string, string> }

const PAGE = 50
const text = (values: Record<string, string | null | undefined>) => new URLSearchParams(Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]))).toString()

/** A list that grows by a button, asked for by what stands in the address. */
const growing = <T>(path: string, filter: Record<string, string | null | undefined>) => infiniteQueryOptions({
  queryKey: ['settings', path, filter],
  initialPageParam: null as string | null,
  placeholderData: keepPreviousData,
  getNextPageParam: (last: Page<T>) => last.next_cursor ?? null,
  queryFn: async ({ pageParam, signal }) => (await send<Page<T>>('GET', `${path}?${text({ ...filter, limit: String(PAGE), cursor: pageParam })}`, { signal })).data,
})

const one = <T>(path: string) => queryOptions({ queryKey: ['settings', path], queryFn: ({ signal }) => send<T>('GET', path, { signal }) })

export const organisation = {
  people: (filter: { q?: string | null; team_id?: string | null; active?: string | null }) => growing<S['PersonView']>('/people', filter),
  person: (id: string) => one<PersonDetail>(`/people/${encodeURIComponent(id)}`),
  openRecords: (id: string) => one<S['OpenRecords']>(`/people/${encodeURIComponent(id)}/open-records`),
  team: (id: string) => one<TeamDetail>(`/teams/${encodeURIComponent(id)}`),
  users: (filter: { text?: string | null; role?: string | null; disabled?: string | null }) => growing<User>('/users', filter),
  user: (id: string) => one<User>(`/users/${encodeURIComponent(id)}`),
  roles: () => queryOptions({ queryKey: ['settings', '/roles'], staleTime: Infinity, queryFn: () => unwrap<Roles>(client.GET('/api/v1/roles')) }),
  company: () => one<Company>('/company'),
  days: (year: number) => queryOptions({ queryKey: ['settings', '/calendar-days', year], placeholderData: keepPreviousData, queryFn: async ({ signal }) => (await send<Page<CalendarDay>>('GET', `/calendar-days?year=${year}`, { signal })).data.items }),
  tokens: () => queryOptions({ queryKey: ['settings', '/tokens'], queryFn: async ({ signal }) => (await send<Page<Token>>('GET', '/tokens', { signal })).data.items }),
  audit: (filter: Record<string, string | null | undefined>) => growing<AuditEntry>('/audit-entries', filter),
}
