import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const ROUTER = fileURLToPath(new URL('../src/app/router.tsx', import.meta.url))
/** A page of the router by the first part of its address, the texts it needs, and its module. */
const ROUTE = /path: '\/?([a-z-]+)[^']*',\s*(?:lazy|Component)[^\n]*?(?:withTexts\('(\w+)', )?import\('@\/([^']+)'\)/g
const LOCALES = ['zh-CN', 'en']

interface Chunk { type: 'chunk'; fileName: string; imports: string[]; facadeModuleId: string | null; viteMetadata?: { importedCss: Set<string> } }

/**
 * Tells public/boot.js which files a page needs, so that they are asked for, and compiled, while the program itself still comes:
 * `data-pages` of its tag, by the first part of the address and by language.
 */
export function early(): Plugin {
  return {
    name: 'qiao-early',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        if (!bundle) return html
        const chunks = Object.values(bundle).filter((one) => one.type === 'chunk') as unknown as Chunk[]
        const of = (module: string) => chunks.find(({ facadeModuleId }) => facadeModuleId !== null && new RegExp(`/src/${module}(\\.tsx?|\\.json)$`).test(facadeModuleId))
        const known = new Set([...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, file]) => file))
        const files = (module: string): string[] => {
          const seen = new Set<string>()
          const walk = (chunk: Chunk | undefined) => {
            if (!chunk || known.has(chunk.fileName) || seen.has(chunk.fileName)) return
            seen.add(chunk.fileName)
            for (const css of chunk.viteMetadata?.importedCss ?? []) seen.add(css)
            for (const name of chunk.imports) walk(chunks.find(({ fileName }) => fileName === name))
          }
          walk(of(module))
          return [...seen].map((file) => file.replace(/^assets\//, ''))
        }
        const pages: Record<string, string[]> = {}
        for (const [, at = '', texts, module = ''] of readFileSync(ROUTER, 'utf8').matchAll(ROUTE)) {
          pages[at] ??= files(module)
          if (texts) for (const locale of LOCALES) pages[`${at} ${locale}`] ??= files(`locales/${texts}/${locale}`)
        }
        for (const locale of LOCALES) pages[locale] = files(`locales/${locale}`)
        if (!pages.desk?.length || !pages['zh-CN']?.length) throw new Error('early: no files found for the desk; has the router changed its form?')
        return html.replace('<script src="/boot.js">', `<script src="/boot.js" data-pages='${JSON.stringify(pages)}'>`)
      },
    },
  }
}
