import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { eventually } from '../lib/eventually.mjs'
import { session } from '../lib/session.mjs'

const run = session()
const text = (page) => page.getByTestId('guide')

test('the guide opens at the own role, shows its pictures, leads on', () => run.visit({ role: 'rep', path: '/desk' }, async (page) => {
  await settled(page)
  await page.getByRole('link', { name: '使用指南' }).first().click()
  await text(page).getByRole('heading', { name: '销售', level: 1 }).or(page.getByRole('link', { name: /销售.*|你的角色/ })).first().waitFor()
  const picture = text(page).locator('img').first()
  await picture.scrollIntoViewIfNeeded()
  await eventually(async () => assert.ok(await picture.evaluate((image) => image.naturalWidth) > 600))
  assert.ok((await picture.getAttribute('alt')).length > 4, 'a picture says what it shows')
  await text(page).locator('a[href="/desk"]').first().click()
  await page.waitForURL(/\/desk$/)
}))

test('every link of every guide leads to a page that is there, in both languages', async () => {
  for (const locale of ['zh-CN', 'en']) {
    await run.visit({ role: 'administrator', locale, path: '/guide' }, async (page) => {
      await settled(page)
      const roles = await page.locator('main nav a[href^="/guide/"]').evaluateAll((all) => all.map((link) => link.getAttribute('href')))
      assert.equal(roles.length, 8)
      const targets = new Set()
      const titles = new Set()
      for (const role of roles) {
        await page.locator(`main nav a[href="${role}"]`).click()
        await page.waitForURL((url) => url.pathname === role)
        await eventually(async () => assert.ok(!titles.has(await text(page).locator('h2').first().innerText()), `the text of ${role}`))
        titles.add(await text(page).locator('h2').first().innerText())
        for (const href of await text(page).locator('a[href^="/"]:not([target])').evaluateAll((all) => all.map((link) => link.getAttribute('href')))) targets.add(href)
      }
      assert.ok(targets.size > 10)
      for (const target of targets) {
        await page.goto(new URL(target, page.url()).href)
        await settled(page)
        assert.doesNotMatch(await page.locator('main').innerText(), /没有这个页面|找不到|not found/i, `${target} is no page`)
      }
    })
  }
})
