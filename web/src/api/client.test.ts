import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiError, client, getUrl, onSignedOut, ownApiUrl, send, unwrap } from './client'

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  const response = new Response(body === null ? null : JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
  vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(response)))
}
const failure = async (promise: Promise<unknown>): Promise<ApiError> => {
  try {
    await promise
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
  throw new Error('it should have failed')
}

afterEach(() => vi.unstubAllGlobals())

describe('addresses that came from outside', () => {
  it('are read only when they are our own API', () => {
    expect(ownApiUrl('/api/v1/why/1?x=2')).toBe('/api/v1/why/1?x=2')
    for (const bad of [null, '', 'https://example.org/api/v1/x', '//example.org/api/v1/x', '/api/v1/../../admin', '/other', 'javascript:alert(1)']) {
      expect(ownApiUrl(bad), String(bad)).toBeNull()
    }
  })
  it('are never fetched otherwise', async () => {
    answer(200, {})
    expect((await failure(getUrl('https://example.org/api/v1/x'))).status).toBe(404)
    expect(fetch).not.toHaveBeenCalled()
  })
})

describe('errors', () => {
  it('carry the stable code and how long to wait', async () => {
    answer(429, { code: 'locked', detail: 'Locked' }, { 'Retry-After': '840' })
    const error = await failure(getUrl('/api/v1/me'))
    expect([error.status, error.code, error.retryAfter]).toEqual([429, 'locked', 840])
  })
  it('of a lost line have a code of their own', async () => {
    vi.stubGlobal('fetch', vi.fn(() => Promise.reject(new TypeError('Failed to fetch'))))
    expect((await failure(getUrl('/api/v1/me'))).code).toBe('offline')
  })
  it('401 says that the session is over', async () => {
    const listener = vi.fn()
    onSignedOut(listener)
    answer(401, { code: 'session_ended' })
    await failure(getUrl('/api/v1/pace?period=2026-03'))
    expect(listener).toHaveBeenCalledOnce()
  })
})

describe('a write', () => {
  const busy = () => new Response(JSON.stringify({ code: 'try_again' }), { status: 503, headers: { 'Retry-After': '0.001' } })
  it('is sent again, as the same request, when the server was too busy', async () => {
    const keys: (string | null)[] = []
    const bodies: string[] = []
    vi.stubGlobal('fetch', vi.fn(async (request: Request) => {
      keys.push(request.headers.get('Idempotency-Key'))
      bodies.push(await request.text())
      return keys.length < 3 ? busy() : new Response(null, { status: 204 })
    }))
    await unwrap(client.POST('/api/v1/me/password', { baseUrl: 'http://localhost', body: { current: 'a', new: 'b' } }))
    expect(new Set(keys).size).toBe(1)
    expect(bodies).toEqual(Array(3).fill('{"current":"a","new":"b"}'))
  })
  it('that stays impossible says so after three times', async () => {
    vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(busy())))
    expect((await failure(send('PUT', '/records/account/1/pin'))).code).toBe('try_again')
    expect(fetch).toHaveBeenCalledTimes(3)
  })
  it('that may not be repeated is not', async () => {
    answer(503, { code: 'try_again' })
    await failure(send('DELETE', '/records/account/1/pin'))
    expect(fetch).toHaveBeenCalledOnce()
  })
  it('carries an idempotency key', async () => {
    vi.stubGlobal('fetch', vi.fn((request: Request) => {
      expect(request.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/)
      return Promise.resolve(new Response(null, { status: 204 }))
    }))
    await unwrap(client.POST('/api/v1/me/password', { baseUrl: 'http://localhost', body: { current: 'a', new: 'b' } }))
    expect(fetch).toHaveBeenCalledOnce()
  })
})
