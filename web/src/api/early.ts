interface Early { qiaoEarly?: Record<string, Promise<Response> | undefined>; qiaoLine?: EarlyLine | undefined }
/** The event stream that public/boot.js began, when it opened, and what it told meanwhile. */
interface EarlyLine { source: EventSource; openedAt: number | null; told: MessageEvent<string>[]; listen: (message: MessageEvent<string>) => void }

/** The event stream, once: the one that is up already, or nothing. */
export function earlyLine(): EarlyLine | undefined {
  const early = globalThis as Early
  const line = early.qiaoLine
  early.qiaoLine = undefined
  if (!line || line.source.readyState === EventSource.CLOSED) return undefined
  line.source.removeEventListener('changed', line.listen)
  return line
}

/** Fetch, but what public/boot.js asked for before the program was there is taken from it, once. */
export function earlyOrFetch(request: Request): Promise<Response> {
  const early = (globalThis as Early).qiaoEarly
  const { pathname, search } = new URL(request.url)
  const path = pathname + search
  const answer = request.method === 'GET' ? early?.[path] : undefined
  if (!early || !answer) return globalThis.fetch(request)
  early[path] = undefined
  return answer.catch(() => globalThis.fetch(request))
}
