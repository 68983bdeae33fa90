import createClient from 'openapi-fetch'
import { earlyOrFetch } from './early'
import type { paths, Problem } from './types'

const BASE = '/api/v1'

/** What went wrong, with the server's stable code; the interface translates the code. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string | null
  readonly retryAfter: number | null
  readonly errors: NonNullable<Problem['errors']>

  constructor(status: number, problem: Problem, retryAfter: number | null = null) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`)
    this.name = 'ApiError'
    this.status = status
    this.code = problem.code ?? (status === 0 ? 'offline' : `http_${status}`)
    this.detail = problem.detail ?? null
    this.retryAfter = retryAfter
    this.errors = problem.errors ?? []
  }
}

/** Called when the server says that the session has ended. */
let signedOut: () => void = () => undefined
export const onSignedOut = (listener: () => void) => { signedOut = listener }

export const client = createClient<paths>({
  baseUrl: '',
  credentials: 'same-origin',
  // Looked up at each call, so that a test can replace it.
  fetch: (request: Request) => request.method === 'GET' ? earlyOrFetch(request) : patient(() => globalThis.fetch(request.clone())),
})

/** How often a write is sent again that the server could not do just then. */
const ATTEMPTS = 3

/**
 * A write, sent again when the server was too busy to do it (503 with Retry-After): nothing was written then, and the key or
 * version it carries lets it be done once only. Reads are repeated by the query client.
 */
async function patient(ask: () => Promise<Response>): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await ask()
    const seconds = Number(response.headers.get('Retry-After'))
    if (response.status !== 503 || !(seconds > 0) || attempt === ATTEMPTS) return response
    await new Promise((resolve) => { setTimeout(resolve, seconds * 1_000) })
  }
}

/** Every POST carries a key, so that a repeated request is done once. */
client.use({
  onRequest: ({ request }) => {
    if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) request.headers.set('Idempotency-Key', requestKey())
    return request
  },
})

export function requestKey(): string {
  // randomUUID exists on secure origins only; a company network may serve plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fail(response: Response, body: unknown): never {
  const problem = body && typeof body === 'object' ? (body as Problem) : {}
  const header = Number(response.headers.get('Retry-After'))
  if (response.status === 401 && !response.url.endsWith(`${BASE}/session`)) signedOut()
  throw new ApiError(response.status, problem, Number.isFinite(header) && header > 0 ? header : null)
}

interface Answer<T> { data?: T; error?: unknown; response: Response }

/** The data of an answer; anything else is thrown as an ApiError. */
export async function unwrap<T>(request: Promise<Answer<T>>): Promise<T> {
  const answer = await request.catch((reason: unknown) => { throw asOffline(reason) })
  if (!answer.response.ok) fail(answer.response, answer.error)
  return answer.data as T
}

function asOffline(reason: unknown): unknown {
  return reason instanceof TypeError ? new ApiError(0, { code: 'offline' }) : reason
}

/**
 * An address of our own API that came with an answer or from the address bar; null when it is anything else,
 * so that a crafted link cannot make the browser read from another place.
 */
export function ownApiUrl(url: string | null): string | null {
  if (!url?.startsWith(`${BASE}/`)) return null
  const parsed = new URL(url, location.origin)
  return parsed.origin === location.origin && parsed.pathname.startsWith(`${BASE}/`) ? parsed.pathname + parsed.search : null
}

/** GET of an address that the server gave (`why`, `facts_href`). */
export async function getUrl<T>(url: string, signal?: AbortSignal): Promise<T> {
  const own = ownApiUrl(url)
  if (!own) throw new ApiError(404, { code: 'not_found' })
  const response = await fetch(own, { credentials: 'same-origin', signal, headers: { Accept: 'application/json' } })
    .catch((reason: unknown) => { throw asOffline(reason) })
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok) fail(response, body)
  return body as T
}

/** An answer with its version: what If-Match takes. */
export interface Versioned<T> { data: T; etag: string | null }

/** A request to an address of our own, with its version in and out. Every POST carries a key, so that a repeat is done once. */
export async function send<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, options: { body?: unknown; etag?: string | null; key?: string; signal?: AbortSignal } = {}): Promise<Versioned<T>> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  if (options.etag) headers['If-Match'] = options.etag
  if (method === 'POST') headers['Idempotency-Key'] = options.key ?? requestKey()
  const ask = () => fetch(`${BASE}${path}`, { method, credentials: 'same-origin', headers, body: options.body === undefined ? undefined : JSON.stringify(options.body), signal: options.signal })
  const response = await (method === 'GET' ? ask() : patient(ask))
    .catch((reason: unknown) => { throw asOffline(reason) })
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok) fail(response, body)
  return { data: body as T, etag: response.headers.get('ETag') }
}
