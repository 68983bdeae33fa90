// Pictures of every screen: e2e/out/, or with --readme the few of the README into docs/images/.
// Options: --only=NAME[,NAME] --width=1440 --locale=zh-CN --theme=light
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { launch, open, settled } from './lib/browser.mjs'
import { SCREENS } from './lib/screens.mjs'
import { startServer } from './lib/server.mjs'

const { values } = parseArgs({ options: { readme: { type: 'boolean' }, only: { type: 'string' }, width: { type: 'string' }, locale: { type: 'string' }, theme: { type: 'string' } } })

const README = [
  { screen: 'my-pay-why', width: 1440, locale: 'zh-CN', theme: 'light', file: 'my-pay.png' },
  { screen: 'my-pay-why', width: 1440, locale: 'en', theme: 'dark', file: 'my-pay-dark.png' },
  { screen: 'team', width: 1440, locale: 'zh-CN', theme: 'light', file: 'team.png' },
  { screen: 'plan', width: 1440, locale: 'zh-CN', theme: 'light', file: 'plan.png' },
  { screen: 'metric', width: 1440, locale: 'en', theme: 'light', file: 'metric.png' },
  { screen: 'my-pay', width: 390, locale: 'zh-CN', theme: 'light', file: 'phone.png' },
]

const pick = (given, all) => (given ? given.split(',') : all)
const jobs = values.readme ? README : pick(values.only, SCREENS.map(({ name }) => name)).flatMap((screen) =>
  pick(values.width, ['1440', '390']).flatMap((width) =>
    pick(values.locale, ['zh-CN', 'en']).flatMap((locale) =>
      pick(values.theme, ['light', 'dark']).map((theme) => ({ screen, width: Number(width), locale, theme, file: `${screen}-${width}-${locale.slice(0, 2)}-${theme}.png` })))))

const folder = join(import.meta.dirname, values.readme ? '../docs/images' : 'out')
await mkdir(folder, { recursive: true })
const server = await startServer()
const browser = await launch()
let failed = 0
try {
  for (const { screen, width, locale, theme, file } of jobs) {
    const { role, path, act } = SCREENS.find(({ name }) => name === screen)
    const seen = await open(browser, server, { role, width, locale, theme, path })
    try {
      await settled(seen.page)
      if (act) { await act(seen.page); await settled(seen.page) }
      await seen.page.screenshot({ path: join(folder, file) })
      if (seen.problems.length > 0) { failed += 1; console.error(`${file}: ${seen.problems.join('; ')}`) }
    } catch (error) {
      failed += 1
      console.error(`${file}: ${error.message.split('\n')[0]}`)
      await seen.page.screenshot({ path: join(folder, `failed-${file}`) }).catch(() => undefined)
    } finally {
      await seen.close()
    }
  }
  console.log(`${jobs.length - failed} of ${jobs.length} pictures in ${folder}`)
} finally {
  await browser.close()
  await server.stop()
}
process.exitCode = failed > 0 ? 1 : 0
