// How fast an import of the browser is, and what it does to those who read meanwhile.
// QIAO_BIN=… node import-speed.mjs [ROWS]    Prints rows a second, memory of the server before, at most and after, and reads beside it.
import { readFileSync } from 'node:fs'
import { cookieOf } from './lib/browser.mjs'
import { startServer } from './lib/server.mjs'

const ROWS = Number(process.argv[2] ?? 100_000)
const READ_EVERY_MS = 25
const server = await startServer()
const headers = { cookie: await cookieOf(server, 'operations'), origin: server.base }
const api = async (method, path, body, more = {}) => {
  const form = body instanceof FormData
  const answer = await fetch(`${server.base}/api/v1${path}`, { method, headers: { ...headers, ...(body && !form ? { 'content-type': 'application/json' } : {}), ...more }, body: form ? body : body && JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const rss = () => Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024)
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1)

try {
  const people = (await api('GET', '/people?limit=200')).items
  const account = (await api('GET', '/accounts?limit=1')).items[0]
  const owner = (n) => people[n % people.length].external_id ?? people[n % people.length].email
  const lines = ['opportunity,name,account,owner,stage,amount,opened_on']
  const stage = (await api('GET', '/pipelines')).items[0].stages[0].code
  for (let n = 0; n < ROWS; n++) lines.push(`S${n},Deal ${n},${account.external_id ?? account.id},${owner(n)},${stage},${1000 + n}.50,2026-0${1 + (n % 9)}-1${n % 10}`)
  const form = new FormData()
  form.append('kind', 'opportunities')
  form.append('file', new Blob([`${lines.join('\n')}\n`]), 'deals.csv')
  const before = rss()
  let most = before
  const reads = []
  let reading = true
  const reader = (async () => {
    while (reading) {
      const begun = performance.now()
      await api('GET', '/opportunities?limit=50&sort=-amount')
      reads.push(performance.now() - begun)
      most = Math.max(most, rss())
      await new Promise((done) => { setTimeout(done, READ_EVERY_MS) })
    }
  })()
  const wait = async (id, status) => {
    const begun = performance.now()
    for (;;) {
      const run = await api('GET', `/import-runs/${id}`)
      if (run.status === status) return { run, seconds: (performance.now() - begun) / 1000 }
      if (run.status === 'failed') throw new Error(run.problem)
      await new Promise((done) => { setTimeout(done, 200) })
    }
  }
  const sent = performance.now()
  let run = await api('POST', '/import-runs', form)
  console.log(`sent and read: ${ROWS} rows in ${((performance.now() - sent) / 1000).toFixed(1)} s, memory ${rss()} MB`)
  await api('PATCH', `/import-runs/${run.id}`, run.mapping, { 'if-match': `"${run.version}"` })
  const checked = await wait(run.id, 'checked')
  console.log(`preview: ${Math.round(ROWS / checked.seconds)} rows/s, ${checked.run.preview.rejected} rejected, memory ${rss()} MB`)
  await api('POST', `/import-runs/${run.id}/start`)
  const done = await wait(run.id, 'done')
  reading = false
  await reader
  run = done.run
  reads.sort((a, b) => a - b)
  console.log(`import: ${Math.round(ROWS / done.seconds)} rows/s, created ${run.created}, rejected ${run.rejected}`)
  console.log(`memory: ${before} MB before, ${most} MB at most, ${rss()} MB after`)
  console.log(`reads beside it: ${reads.length}, p50 ${at(reads, 0.5)} ms, p99 ${at(reads, 0.99)} ms`)
} finally {
  await server.stop()
}
