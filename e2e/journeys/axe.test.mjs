import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findings } from '../lib/axe.mjs'
import { settled } from '../lib/browser.mjs'
import { SCREENS } from '../lib/screens.mjs'
import { session } from '../lib/session.mjs'

const run = session()

for (const { name, role, path, act } of SCREENS) {
  for (const theme of ['light', 'dark']) {
    for (const width of [1440, 390]) {
      test(`axe finds nothing serious on ${name}, ${theme}, ${width} px`, () => run.visit({ role, path, theme, width }, async (page) => {
        await settled(page)
        if (act) { await act(page); await settled(page) }
        assert.deepEqual(await findings(page), [])
        const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
        assert.equal(wider, false, 'nothing sticks out')
      }))
    }
  }
}
