import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
let booked = 0

/**
 * Books a won deal of the rep who looks at the page, by another process that imports into the same database: the way a
 * nightly file comes in. The server notices and tells the browser.
 */
export async function bookForRep(server, page) {
  const { person, today } = await page.evaluate(async () => {
    const me = await (await fetch('/api/v1/me')).json()
    return { person: me.person.external_id, today: me.company.today }
  })
  const database = `sqlite:${server.data}/qiao.db`
  const { stdout } = await run(server.binary, ['export', 'opportunities', '--database', database], { maxBuffer: 64 * 1024 * 1024 })
  const [header, ...rows] = stdout.trim().split('\n')
  const columns = header.split(',')
  const at = (name) => columns.indexOf(name)
  // A won deal of theirs as the pattern: its account, product and pipeline exist.
  const cells = rows.map((row) => row.split(',')).find((row) => row.length === columns.length && row[at('owner')] === person && row[at('stage')] === 'won')
  if (!cells) throw new Error(`no won deal of ${person} to copy`)
  booked += 1
  const deal = [...cells]
  deal[at('opportunity')] = `E2E-${process.pid}-${booked}`
  deal[at('amount')] = '20000.00'
  for (const name of ['opened_on', 'expected_close_on', 'closed_on']) deal[at(name)] = today
  const folder = await mkdtemp(join(tmpdir(), 'qiao-book-'))
  try {
    const file = join(folder, 'deal.csv')
    await writeFile(file, `${header}\n${deal.join(',')}\n`)
    await run(server.binary, ['import', 'opportunities', file, '--database', database])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Publishes a small plan through the API, as a program beside the page would: a write of the server itself. */
export async function publishPlan(page, name) {
  const status = await page.evaluate(async (text) => {
    const lines = ['id: zz-e2e', `name: E2E ${text}`, 'currency: CNY', 'period: month', 'from: 2026-01-01', 'who: {roles: [e2e]}',
      'components:', '  - id: c', '    name: C', '    basis: sale_recorded', '    rate: {flat: 1%}']
    const answer = await fetch('/api/v1/plans', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ source: `${lines.join('\n')}\n` }) })
    return answer.ok ? '' : `${answer.status} ${await answer.text()}`
  }, name)
  if (status) throw new Error(status)
}
