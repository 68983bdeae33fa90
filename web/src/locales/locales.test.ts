import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import enShell from './en.json'
import enSales from './sales/en.json'
import zhSales from './sales/zh-CN.json'
import enSettings from './settings/en.json'
import zhSettings from './settings/zh-CN.json'
import enSetup from './setup/en.json'
import zhSetup from './setup/zh-CN.json'
import zhShell from './zh-CN.json'

/** Texts as they stand together once the part is loaded: those of the sales pages lie in the groups of the shell. */
const together = (tree: object, part: object): object => Object.fromEntries(Object.entries({ ...tree, ...part }).map(([key, value]) => {
  const [a, b] = [(tree as Record<string, unknown>)[key], (part as Record<string, unknown>)[key]]
  return [key, a && b && typeof a === 'object' && typeof b === 'object' ? together(a, b) : value] as const
}))
const en = together({ ...enShell, ...enSettings, ...enSetup }, enSales)
const zh = together({ ...zhShell, ...zhSettings, ...zhSetup }, zhSales)

const keysOf = (tree: object, prefix = ''): string[] =>
  Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [prefix + key] : keysOf(value as object, `${prefix}${key}.`)))

const src = join(import.meta.dirname, '..')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
const sources = files.map((name) => ({ name, text: readFileSync(join(src, name), 'utf8') }))
const variables = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()
/** What stands between the brackets that open at `start`. */
function given(text: string, start: number): string {
  let depth = 0
  for (let end = start; end < text.length; end += 1) {
    if (text[end] === '(') depth += 1
    else if (text[end] === ')' && (depth -= 1) === 0) return text.slice(start, end)
  }
  return text.slice(start)
}
const at = (tree: object, key: string) => key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], tree) as string

describe('the two languages', () => {
  it('keep the words of the setup apart from those of the first load', () => {
    expect(Object.keys(zhSetup).filter((group) => group in zhShell || group in zhSettings)).toEqual([])
  })
  it('say nothing twice', () => {
    const shell = new Set(keysOf(zhShell))
    expect(keysOf(zhSales).filter((key) => shell.has(key))).toEqual([])
  })
  it('have the same keys', () => {
    expect(keysOf(en).sort()).toEqual(keysOf(zh).sort())
  })
  it('have no empty text', () => {
    for (const tree of [zh, en]) for (const key of keysOf(tree)) expect(at(tree, key).trim(), key).not.toBe('')
  })
  it('fill in nothing the other does not know', () => {
    // A period names its month in words in one language and by number in the other.
    for (const key of keysOf(en).filter((name) => name !== 'period.month')) expect(variables(at(en, key)), key).toEqual(variables(at(zh, key)))
  })
  it('know every key that the code names', () => {
    const known = new Set(keysOf(zh))
    const plain = (key: string) => known.has(key) || known.has(`${key}_other`)
    const missing = sources.flatMap(({ name, text }) => [...text.matchAll(/\bt\('([\w.]+)'/g)].filter((match) => !plain(match[1] ?? '')).map((match) => `${name}: ${match[1]}`))
    expect(missing).toEqual([])
  })
  it('are filled in by the code with all they name', () => {
    const calls = sources.flatMap(({ name, text }) => [...text.matchAll(/\bt\('([\w.]+)'/g)].map((match) => ({ name, key: match[1] ?? '', given: given(text, match.index + 1) })))
    const missing = calls.flatMap(({ name, key, given: words }) => {
      const said = [key, `${key}_other`].map((one) => at(zh, one)).find((one) => typeof one === 'string') ?? ''
      return variables(said).filter((variable) => !new RegExp(`\\b${variable}\\b`).test(words)).map((variable) => `${name}: ${key} without ${variable}`)
    })
    expect(missing).toEqual([])
  })
  it('know every family of keys that the code builds', () => {
    const all = keysOf(zh)
    const missing = sources.flatMap(({ name, text }) => [...text.matchAll(/\bt\(`([\w.]+\.)\$\{/g)].filter((match) => !all.some((key) => key.startsWith(match[1] ?? ''))).map((match) => `${name}: ${match[1]}`))
    expect(missing).toEqual([])
  })
})

describe('the code', () => {
  it('holds no Chinese text: all of it is in the language files', () => {
    expect(sources.filter(({ text }) => /\p{Script=Han}/u.test(text)).map(({ name }) => name)).toEqual([])
  })
})
