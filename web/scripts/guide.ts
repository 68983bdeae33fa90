// The guide of docs/guide, made into modules when the pages are built: nothing that reads markdown is shipped.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { Marked, type Tokens } from 'marked'
import type { Plugin } from 'vite'

export interface GuideHeading { id: string; text: string }

/** One text: its title, its headings, its HTML. `image` says where a picture stands, whose address the text names relative to itself. */
export interface GuideText { title: string; headings: GuideHeading[]; html: string }

const slugOf = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** The headings of the second level, in order, as plain text. */
export const headingsOf = (markdown: string): string[] => [...markdown.matchAll(/^## (.+)$/gm)].map((match) => (match[1] ?? '').trim())

/**
 * A text as HTML. Headings get the ids of the English text, so that a link to one leads to the same place in both languages;
 * a picture is a link to itself, since a phone shows it small.
 */
export function textOf(markdown: string, english: string[], image: (path: string) => string): GuideText {
  const title = /^# (.+)$/m.exec(markdown)?.[1]?.trim() ?? ''
  const texts = headingsOf(markdown)
  const headings = texts.map((text, index) => ({ id: slugOf(english[index] ?? text), text }))
  let next = 0
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading) {
        if (depth === 1) return ''
        const inner = this.parser.parseInline(tokens)
        return depth === 2 ? `<h2 id="${headings[next++]?.id ?? ''}" tabindex="-1">${inner}</h2>` : `<h${depth}>${inner}</h${depth}>`
      },
      image({ href, text }: Tokens.Image) {
        const address = image(href)
        return `<a class="picture" href="${address}" target="_blank" rel="noreferrer"><img src="${address}" alt="${escaped(text)}" loading="lazy"></a>`
      },
    },
  })
  return { title, headings, html: marked.parse(markdown, { async: false }) }
}

const isGuide = (id: string) => id.endsWith('.md') && id.includes(`${sep}docs${sep}guide${sep}`)

/** The English text of the same role. */
const englishOf = (id: string) => join(dirname(id), '..', 'en', id.slice(id.lastIndexOf(sep) + 1))

/** Vite's plugin: `import text from '….md'` is a `GuideText` whose pictures are files of the build. */
export function guide(): Plugin {
  return {
    name: 'qiao-guide',
    enforce: 'pre',
    transform(markdown, id) {
      if (!isGuide(id)) return null
      const english = englishOf(id)
      this.addWatchFile(english)
      const pictures: string[] = []
      const text = textOf(markdown, existsSync(english) ? headingsOf(readFileSync(english, 'utf8')) : [], (path) => {
        if (!pictures.includes(path)) pictures.push(path)
        return `\u0000${pictures.indexOf(path)}\u0000`
      })
      const imports = pictures.map((path, index) => `import p${index} from ${JSON.stringify(path)}`)
      // eslint-disable-next-line no-control-regex -- the marks of the pictures, which no text holds
      const html = text.html.split(/\u0000(\d+)\u0000/).map((part, index) => (index % 2 === 0 ? JSON.stringify(part) : `p${part}`)).join(' + ')
      return { code: `${imports.join('\n')}\nexport default { title: ${JSON.stringify(text.title)}, headings: ${JSON.stringify(text.headings)}, html: ${html} }\n`, map: null }
    },
  }
}
