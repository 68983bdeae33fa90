import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
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

async function look(page, act) {
  await settled(page)
  if (act) { await act(page); await settled(page) }
  assert.deepEqual(await findings(page), [])
  const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  assert.equal(wider, false, 'nothing sticks out')
}

/** The roles, those with the most screens first: two at a time then end at about the same time. */
const screensOf = (role) => SCREENS.filter((screen) => screen.role === role)
const ROLES = [...new Set(SCREENS.map(({ role }) => role))].sort((a, b) => screensOf(b).length - screensOf(a).length)

describe('axe', { concurrency: 2 }, () => {
  for (const role of ROLES) {
    // One look after the other: the language is a setting of the user, whom several pages share.
    describe(`as ${role ?? 'anybody'}`, { concurrency: 1 }, () => {
      for (const one of LOOKS) {
        const { theme, width, locale } = one
        const screens = screensOf(role).filter((screen) => looked(screen, one))
        if (screens.length === 0) continue
        describe(`${theme}, ${width} px, ${locale}`, { concurrency: 1 }, () => {
          const kept = run.keep({ role, theme, width, locale })
          after(kept.close)
          for (const { name, path, act } of screens) {
            test(`axe finds nothing serious on ${name}, ${theme}, ${width} px, ${locale}`, () => kept.visit(path, (page) => look(page, act)))
          }
        })
      }
    })
  }
})
