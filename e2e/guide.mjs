// The pictures of the guide, from the example company: docs/guide/images/SCREEN.zh.jpg and SCREEN.en.jpg.
// guide.mjs [--only=SCREEN[,SCREEN]]    The texts say which: every image that one of them names is made.
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { launch, open, settled } from './lib/browser.mjs'
import { SCREENS } from './lib/screens.mjs'
import { startServer } from './lib/server.mjs'

const LOCALES = { zh: 'zh-CN', en: 'en' }
const QUALITY = 72
const guide = join(import.meta.dirname, '../docs/guide')
const images = join(guide, 'images')
const { values } = parseArgs({ options: { only: { type: 'string' } } })

/** Every picture that a text of a language names. */
async function named(language) {
  const texts = await Promise.all((await readdir(join(guide, language))).filter((name) => name.endsWith('.md')).map((name) => readFile(join(guide, language, name), 'utf8')))
  const found = texts.flatMap((text) => [...text.matchAll(/\.\.\/images\/([\w-]+)\.(zh|en)\.jpg/g)])
  const foreign = found.find((match) => match[2] !== language)
  if (foreign) throw new Error(`${foreign[0]} in ${language}: a picture in the other language`)
  return [...new Set(found.map((match) => match[1]))].filter((screen) => !values.only || values.only.split(',').includes(screen))
}

await mkdir(images, { recursive: true })
const server = await startServer()
const browser = await launch()
let made = 0
try {
  for (const [language, locale] of Object.entries(LOCALES)) {
    for (const name of await named(language)) {
      const { role, path, act } = SCREENS.find((screen) => screen.name === name) ?? (() => { throw new Error(`no screen ${name} in lib/screens.mjs`) })()
      const seen = await open(browser, server, { role, path, locale, width: 1200, theme: 'light' })
      try {
        await settled(seen.page)
        if (act) { await act(seen.page); await settled(seen.page) }
        await seen.page.screenshot({ path: join(images, `${name}.${language}.jpg`), type: 'jpeg', quality: QUALITY })
        if (seen.problems.length > 0) throw new Error(`${name}: ${seen.problems.join('; ')}`)
        made += 1
      } finally {
        await seen.close()
      }
    }
  }
  console.log(`${made} pictures in docs/guide/images`)
} finally {
  await browser.close()
  await server.stop()
}
