import { ApiError, requestKey } from './client'

const BASE = '/api/v1'

/** Sends a form with a file, telling how much of it has gone. */
export function upload<T>(path: string, form: FormData, progress: (share: number) => void, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `${BASE}${path}`)
    request.setRequestHeader('Accept', 'application/json')
    request.setRequestHeader('Idempotency-Key', requestKey())
    request.upload.onprogress = (event) => { if (event.lengthComputable) progress(event.loaded / event.total) }
    request.onerror = () => reject(new ApiError(0, { code: 'offline' }))
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    request.onload = () => {
      let body: unknown = null
      try { body = JSON.parse(request.responseText) } catch { /* no JSON: the status says it */ }
      if (request.status >= 200 && request.status < 300) resolve(body as T)
      else reject(new ApiError(request.status, (body ?? {})))
    }
    signal?.addEventListener('abort', () => request.abort())
    request.send(form)
  })
}
