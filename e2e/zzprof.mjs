import { launch, open, settled } from './lib/browser.mjs'
import { startServer } from './lib/server.mjs'
const server = await startServer(); const browser = await launch()
const { page, context } = await open(browser, server, { role: 'rep', path: '/favicon.svg' })
const c = await context.newCDPSession(page)
await c.send('Network.clearBrowserCache'); await c.send('Profiler.enable'); await c.send('Profiler.setSamplingInterval', { interval: 200 })
await c.send('Emulation.setCPUThrottlingRate', { rate: 4 })
await c.send('Profiler.start')
await page.goto(server.base + '/desk'); await settled(page); await page.waitForTimeout(300)
const { profile } = await c.send('Profiler.stop')
const { nodes, samples, timeDeltas, startTime } = profile
const byId = new Map(nodes.map(n => [n.id, n])); const parent = new Map(); for (const n of nodes) for (const k of n.children ?? []) parent.set(k, n.id)
const self = {}; const incl = {}; let t = 0; const buckets = {}
samples.forEach((id, i) => {
  const d = timeDeltas[i] / 1000; t += d
  const n = byId.get(id); const f = n.callFrame; const key = `${f.functionName || '(anon)'} ${f.url.split('/').at(-1)}:${f.lineNumber}:${f.columnNumber}`
  self[key] = (self[key] ?? 0) + d
  const b = Math.floor(t / 100); (buckets[b] ??= {}); const top = f.functionName.startsWith('(') ? f.functionName : 'js'; buckets[b][top] = (buckets[b][top] ?? 0) + d
  const seen = new Set(); for (let x = id; x; x = parent.get(x)) { const g = byId.get(x).callFrame; const k = `${g.functionName || '(anon)'} ${g.url.split('/').at(-1)}:${g.lineNumber}:${g.columnNumber}`; if (!seen.has(k)) { seen.add(k); incl[k] = (incl[k] ?? 0) + d } }
})
const show = (o, n) => Object.entries(o).sort((a, b) => b[1] - a[1]).slice(0, n).forEach(([k, v]) => console.log(v.toFixed(0), k))
for (const [b, v] of Object.entries(buckets)) console.log(b * 100, JSON.stringify(Object.fromEntries(Object.entries(v).map(([k, x]) => [k, Math.round(x)]))))
console.log('SELF'); show(self, 30); console.log('INCL'); show(incl, 60)
await browser.close(); await server.stop()
