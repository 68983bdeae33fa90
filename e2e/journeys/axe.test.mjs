import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findings } from '../lib/axe.mjs'
import { settled } from '../lib/browser.mjs'
import { SCREENS } from '../lib/screens.mjs'
import { session } from '../lib/session.mjs'

const run = session()

/**
 * The whole matrix, or with E2E_AXE=short every screen once, in turns large, light and Chinese and small, dark and English:
 * the suite has minutes, `make e2e` has as many as it takes.
 */
const SHORT = [{ theme: 'light', width: 1440, locale: 'zh-CN' }, { theme: 'dark', width: 390, locale: 'en' }]
const short = process.env.E2E_AXE === 'short'
const LOOKS = short
  ? SHORT
  : ['light', 'dark'].flatMap((theme) => [1440, 390].map((width) => ({ theme, width, locale: theme === 'dark' ? 'en' : 'zh-CN' })))

const looked = (screen, look) => !short || SCREENS.indexOf(screen) % SHORT.length === SHORT.indexOf(look)

// One language after the other: it is a setting of the user, whom several pages share.
for (const locale of ['zh-CN', 'en']) {
  describe(`axe, ${locale}`, { concurrency: 2 }, () => {
    for (const look of LOOKS.filter((one) => one.locale === locale)) {
      const { theme, width } = look
      for (const { name, role, path, act } of SCREENS.filter((screen) => looked(screen, look))) {
        test(`axe finds nothing serious on ${name}, ${theme}, ${width} px, ${locale}`, () => run.visit({ role, path, theme, width, locale }, async (page) => {
          await settled(page)
          if (act) { await act(page); await settled(page) }
          assert.deepEqual(await findings(page), [])
          const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
          assert.equal(wider, false, 'nothing sticks out')
        }))
      }
    }
  })
}
