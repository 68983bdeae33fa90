interface Early { qiaoEarly?: Record<string, Promise<Response> | undefined> }

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
