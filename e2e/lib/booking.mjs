import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cookieOf } from './browser.mjs'

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
  // Its own way through the stages: that of the pattern was another time.
  deal[at('stages')] = ''
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

/**
 * A contract of the rep who looks at the page of which nothing was paid of the first open row, that row not more than 25
 * days late: the rep's plan pays 0.5 % of what comes in of it.
 */
export async function openRow(page) {
  const found = await page.evaluate(async () => {
    const get = async (path) => (await fetch(`/api/v1${path}`)).json()
    const me = await get('/me')
    const { items } = await get(`/contracts?limit=200&owner_id=${me.person.id}`)
    const cents = ({ amount }) => BigInt(amount.replace('.', ''))
    const sum = (rows) => rows.reduce((total, row) => total + cents(row.amount), 0n)
    for (const one of items.filter(({ status, schedule, amount, splits }) => status === 'signed' && schedule.length > 0 && splits.length === 0 && amount.currency === 'CNY')) {
      // The first row that nothing was paid of yet, where what came in is whole rows.
      const came = (await get(`/payments?limit=200&contract_id=${one.id}`)).items
      if (came.some(({ kind, reversed }) => kind !== 'payment' || reversed)) continue
      const paid = sum(came)
      const row = one.schedule.find((_, at) => sum(one.schedule.slice(0, at)) === paid)
      // The plan pays for what comes in at most 30 days late.
      const late = row ? (Date.parse(me.company.today) - Date.parse(row.due_on)) / 86_400_000 : Infinity
      if (late <= 25) return { contract: one.id, number: one.number, amount: row.amount.amount, today: me.company.today, row: row.due_on }
    }
    return null
  })
  if (!found) throw new Error('no contract of the rep that has a payment still to come')
  const cents = BigInt(found.amount.replace('.', ''))
  // 0.5 % of it, half away from zero, as money is rounded where a plan says nothing else.
  return { ...found, expected: (cents * 5n + 500n) / 1000n }
}

/**
 * Finance books what a contract of the rep has open of its first row, by the API, as a payment of today.
 * @returns {Promise<{expected: bigint, answered: number}>} what the estimate grows by, in cents, and when the answer was there
 */
export async function bookPayment(server, page) {
  const { contract, amount, today, row, expected } = await openRow(page)
  const finance = await cookieOf(server, 'finance')
  const answer = await fetch(`${server.base}/api/v1/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.base, cookie: finance, 'idempotency-key': `e2e-payment-${contract}-${row}` },
    body: JSON.stringify({ contract_id: contract, amount: { amount }, received_on: today }),
  })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return { expected, answered: performance.now() }
}
