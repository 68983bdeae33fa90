// The largest paint of pages on loopback with the processor slowed down to a quarter, cold cache: the median of some loads.
// paint.mjs [--only=desk,pay] [--width=1440|390] [--runs=5] [--trace]    QIAO_BIN, or target/release/qiao
import { launch, open, settled } from './lib/browser.mjs'
import { startServer } from './lib/server.mjs'

const PAGES = [['desk', 'rep', '/desk'], ['pay', 'rep', '/pay'], ['board', 'rep', '/opportunities'], ['leads', 'manager', '/leads'], ['team-desk', 'manager', '/desk'], ['team', 'manager', '/team'], ['plans', 'operations', '/plans'], ['sign-in', undefined, '/sign-in']]
const SLOWER = 4
const option = (name, otherwise) => process.argv.find((one) => one.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise
const only = option('only', '')?.split(',').filter(Boolean)
const width = Number(option('width', 1440))
const runs = Number(option('runs', 5))
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const observe = () => {
  globalThis.paints = []
  globalThis.tasks = []
  new PerformanceObserver((list) => { for (const one of list.getEntries()) globalThis.paints.push([one.startTime, one.size, one.element?.outerHTML.slice(0, 90) ?? '']) }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => { for (const one of list.getEntries()) globalThis.tasks.push([one.startTime, one.duration]) }).observe({ type: 'longtask', buffered: true })
}

async function load(browser, server, role, path) {
  const { page, context, close } = await open(browser, server, { role, width, path: '/favicon.svg' })
  await page.addInitScript(observe)
  const slow = await context.newCDPSession(page)
  await slow.send('Network.clearBrowserCache')
  await slow.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  await page.goto(server.base + path)
  await settled(page)
  await page.waitForTimeout(1500)
  const seen = await page.evaluate(() => ({
    paints: globalThis.paints, tasks: globalThis.tasks,
    first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    got: performance.getEntriesByType('resource').map((one) => [Math.round(one.startTime), Math.round(one.responseEnd), one.name.replace(location.origin, '').slice(0, 60)]),
  }))
  await close()
  return seen
}

const server = await startServer()
const browser = await launch()
for (const [name, role, path] of PAGES.filter(([one]) => only.length === 0 || only.includes(one))) {
  const loads = []
  for (let count = 0; count < runs; count += 1) loads.push(await load(browser, server, role, path))
  const last = loads.at(-1)
  const largest = loads.map(({ paints }) => paints.at(-1)?.[0] ?? 0)
  console.log(`${name} ${width} px: largest paint ${Math.round(median(largest))} ms (${largest.map(Math.round).join(' ')}), first ${Math.round(median(loads.map(({ first }) => first ?? 0)))} ms, long tasks ${Math.round(last.tasks.reduce((sum, [, length]) => sum + length, 0))} ms; ${last.paints.at(-1)?.[2]}`)
  if (process.argv.includes('--trace')) {
    for (const [at, length] of last.tasks) console.log(`  task ${Math.round(at)} + ${Math.round(length)}`)
    for (const [at, size, what] of last.paints) console.log(`  paint ${Math.round(at)} ${size} ${what}`)
    for (const [from, to, what] of last.got) console.log(`  got ${from} - ${to} ${what}`)
  }
}
await browser.close()
await server.stop()
