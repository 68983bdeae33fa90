// How fast an import in the browser is, and what it does to those who read meanwhile: a file is chosen, previewed and run in
// Chromium, whose page is left and come back to.
// QIAO_BIN=… node import-speed.mjs [ROWS]    Prints rows a second, memory of the server while it runs, and reads beside it.
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cookieOf, launch, open, settled } from './lib/browser.mjs'
import { startServer } from './lib/server.mjs'

const ROWS = Number(process.argv[2] ?? 100_000)
const READ_EVERY_MS = 25
const server = await startServer()
const browser = await launch()
const folder = await mkdtemp(join(tmpdir(), 'qiao-import-'))
const headers = { cookie: await cookieOf(server, 'operations'), origin: server.base }
const api = async (path) => {
  const answer = await fetch(`${server.base}/api/v1${path}`, { headers })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
// What lies in memory but in no file: pages of the database that the kernel keeps mapped come and go.
const rss = () => Math.round(Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024)
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1)

try {
  const people = (await api('/people?limit=200')).items
  const account = (await api('/accounts?limit=1')).items[0]
  const owner = (n) => people[n % people.length].external_id ?? people[n % people.length].email
  const lines = ['opportunity,name,account,owner,stage,amount,opened_on']
  const stage = (await api('/pipelines')).items[0].stages[0].code
  for (let n = 0; n < ROWS; n++) lines.push(`S${n},Deal ${n},${account.external_id ?? account.id},${owner(n)},${stage},${1000 + n}.50,2026-0${1 + (n % 9)}-1${n % 10}`)
  const file = join(folder, 'deals.csv')
  await writeFile(file, `${lines.join('\n')}\n`)
  const before = rss()
  let most = before
  const reads = []
  let reading = true
  const reader = (async () => {
    while (reading) {
      const begun = performance.now()
      await api('/opportunities?limit=50&sort=-amount')
      reads.push(performance.now() - begun)
      most = Math.max(most, rss())
      await new Promise((done) => { setTimeout(done, READ_EVERY_MS) })
    }
  })()
  const seen = await open(browser, server, { role: 'operations', path: '/settings/imports' })
  const { page } = seen
  await settled(page)
  await page.locator('.ant-select:has(input[id$="-kind"])').click()
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: '商机' }).first().click()
  const status = (wanted) => page.locator(`[data-testid="import-run"][data-status="${wanted}"]`).waitFor({ timeout: 0 })
  const took = async (what, work) => {
    const begun = performance.now()
    await work()
    const seconds = (performance.now() - begun) / 1000
    console.log(`${what}: ${ROWS} rows in ${seconds.toFixed(1)} s, ${Math.round(ROWS / seconds)} rows/s, memory ${rss()} MB`)
  }
  await took('sent and read', async () => {
    await page.getByTestId('import-file').setInputFiles(file)
    await page.waitForURL(/\/settings\/imports\/[0-9a-f-]{36}$/, { timeout: 0 })
  })
  const address = page.url()
  await took('preview', async () => {
    await page.getByRole('button', { name: '预览', exact: true }).click()
    await status('checked')
  })
  await took('import, its page left and come back to', async () => {
    await page.getByRole('button', { name: /^导入 [\d,]+ 行/ }).click()
    await page.locator('[data-testid="import-run"][data-status="running"]').waitFor()
    await page.goto(`${server.base}/desk`)
    await settled(page)
    for (let run = await api(`/import-runs/${address.split('/').at(-1)}`), told = 0; run.status === 'running'; run = await api(`/import-runs/${run.id}`)) {
      const rows = run.created + run.rejected
      if (rows >= told + ROWS / 10) { told = rows; console.log(`  after ${rows} rows: memory ${rss()} MB`) }
      await new Promise((done) => { setTimeout(done, 200) })
    }
    await page.goto(address)
    await status('done')
  })
  console.log(`figures of the page: ${(await page.locator('[data-part]').allInnerTexts()).map((text) => text.replaceAll('\n', ' ')).join(', ')}`)
  await seen.close()
  reading = false
  await reader
  reads.sort((a, b) => a - b)
  console.log(`memory: ${before} MB before, ${most} MB at most, ${rss()} MB after`)
  console.log(`reads beside it: ${reads.length}, p50 ${at(reads, 0.5)} ms, p99 ${at(reads, 0.99)} ms`)
} finally {
  await browser.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
