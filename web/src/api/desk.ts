import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client, unwrap } from './client'
import type { components } from './schema'

type S = components['schemas']
export type Desk = S['DeskView']
export type Task = S['Task']
export type DeskDeal = S['DeskDeal']
export type DeskNews = S['News']
export type TeamDesk = S['TeamDesk']
export type DeskRow = S['DeskRow']
export type Reach = S['Reach']
export type Waiting = S['Waiting']
export type Notification = S['NotificationView']
export type NotificationKind = S['Kind']

/** Everything here depends on facts, and on records that carry none. */
export const deskQueries = {
  own: () => queryOptions({ queryKey: ['desk', 'own'], queryFn: () => unwrap(client.GET('/api/v1/desk')) }),
  news: () => queryOptions({ queryKey: ['desk', 'news'], queryFn: () => unwrap(client.GET('/api/v1/desk/news')) }),
  team: (team: string | null) => queryOptions({
    queryKey: ['desk', 'team', team],
    queryFn: () => unwrap(client.GET('/api/v1/desk/team', { params: { query: team ? { team_id: team } : {} } })),
  }),
  waiting: () => queryOptions({ queryKey: ['desk', 'waiting'], queryFn: async () => (await unwrap(client.GET('/api/v1/desk/waiting'))).items }),
}

export interface InboxFilter { kind: NotificationKind | null; unread: boolean }

export const inboxQueries = {
  page: ({ kind, unread }: InboxFilter) => infiniteQueryOptions({
    queryKey: ['inbox', 'page', kind, unread], initialPageParam: '', getNextPageParam: (last: { next_cursor?: string | null }) => last.next_cursor ?? undefined,
    queryFn: ({ pageParam }) => unwrap(client.GET('/api/v1/notifications', { params: { query: { ...(kind ? { kind } : {}), ...(unread ? { unread } : {}), limit: 30, ...(pageParam ? { cursor: pageParam } : {}) } } })),
  }),
  settings: () => queryOptions({ queryKey: ['inbox', 'settings'], queryFn: async () => (await unwrap(client.GET('/api/v1/notification-settings'))).items }),
}

/** `marked_at` takes the marking with that moment back. */
export const mark = (body: { read: boolean; ids?: string[]; kind?: NotificationKind; marked_at?: string }) => unwrap(client.POST('/api/v1/notifications/reading', { body }))
export const chooseKind = (kind: NotificationKind, wanted: boolean) => unwrap(client.PATCH('/api/v1/notification-settings', { body: { kinds: { [kind]: wanted } as Record<NotificationKind, boolean> } }))
