import { useCallback } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { ownApiUrl } from '@/api/client'
import type { RecordRef } from '@/api/types'

/*
 * The drawer lives in the address: `why` is the explanation that is open, `record` a record on top of it.
 * So reload, the back button and a shared link all do the right thing.
 */

export const withWhy = (search: string, url: string): string => {
  const params = new URLSearchParams(search)
  params.set('why', url)
  params.delete('record')
  return `?${params.toString()}`
}

export const withRecord = (search: string, record: RecordRef): string => {
  const params = new URLSearchParams(search)
  params.set('record', `${record.type}/${record.id}`)
  return `?${params.toString()}`
}

export interface DrawerState {
  why: string | null
  record: RecordRef | null
  open: (url: string, replace?: boolean) => void
  openRecord: (record: RecordRef) => void
  closeRecord: () => void
  close: () => void
}

export function useDrawer(): DrawerState {
  const [params] = useSearchParams()
  const { pathname, search } = useLocation()
  const navigate = useNavigate()
  const why = ownApiUrl(params.get('why'))
  const record = parseRecord(params.get('record'))

  const go = useCallback((change: (params: URLSearchParams) => void, replace: boolean) => {
    const next = new URLSearchParams(search)
    change(next)
    const text = next.toString()
    void navigate({ pathname, search: text ? `?${text}` : '' }, { replace, preventScrollReset: true })
  }, [navigate, pathname, search])

  return {
    why, record,
    open: useCallback((url, replace = false) => go((p) => { p.set('why', url); p.delete('record') }, replace), [go]),
    openRecord: useCallback((next) => go((p) => p.set('record', `${next.type}/${next.id}`), false), [go]),
    closeRecord: useCallback(() => go((p) => p.delete('record'), false), [go]),
    close: useCallback(() => go((p) => { p.delete('why'); p.delete('record') }, false), [go]),
  }
}

function parseRecord(text: string | null): RecordRef | null {
  const match = /^([a-z_-]+)\/([\w.:-]+)$/.exec(text ?? '')
  return match?.[1] && match[2] ? { type: match[1], id: match[2] } : null
}
