// Fails when the JavaScript of the first load, compressed, is above the budget.
// First load = the entry with everything it imports statically, one language file, and the
// heaviest of the pages a person can land on, with what that page imports, now or as soon as it shows.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET_KB = 350
const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))

const sizes = new Map()
const sizeOf = (file) => {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(file, dist)), { level: 6 }).length)
  return sizes.get(file)
}
const closure = (key, seen = new Set()) => {
  const chunk = manifest[key]
  if (!chunk || seen.has(chunk.file)) return seen
  if (chunk.file.endsWith('.js')) seen.add(chunk.file)
  for (const next of chunk.imports ?? []) closure(next, seen)
  return seen
}
const total = (files) => [...files].reduce((sum, file) => sum + sizeOf(file), 0)

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry)
if (!entry) throw new Error('no entry in the manifest')
const base = closure(entry)
const dynamic = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry)
// A form, a sheet, a question and another view of the same page come with the click that opens them, not with the page.
const opened = (part) => /(Form|BulkSheet|FunnelScreen|Ask)\.tsx$/.test(part)
const withExtra = (key) => new Set([...base, ...closure(key), ...(manifest[key].dynamicImports ?? []).filter((part) => !opened(part)).flatMap((part) => [...closure(part)])])
const languages = dynamic.filter((key) => key.startsWith('src/locales/'))
// Nobody lands on a question that is asked on a page; on a form one does, by its address.
const pages = dynamic.filter((key) => !key.startsWith('src/locales/') && !/(BulkSheet|Ask)\.tsx$/.test(key))
const language = Math.max(0, ...languages.map((key) => total(withExtra(key)) - total(base)))
const rows = pages.map((key) => [key, total(withExtra(key)) - total(base)]).sort((a, b) => b[1] - a[1])
const first = total(base) + language + (rows[0]?.[1] ?? 0)

const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`
console.log(`shell     ${kb(total(base))}`)
console.log(`language  ${kb(language)}`)
for (const [key, bytes] of rows) console.log(`  ${kb(bytes).padStart(9)}  ${key}`)
console.log(`first load at most ${kb(first)} of ${BUDGET_KB} kB`)
if (first > BUDGET_KB * 1000) {
  console.error(`first load is above the budget of ${BUDGET_KB} kB: split a route or import less`)
  process.exit(1)
}
