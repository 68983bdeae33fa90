import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
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

/** What a page says that is not there, or not for this role. */
const CLOSED = /找不到这个页面|没有权限|Not found|Not yours to see/

test('every link of a role\'s guide leads to a page that this role may open', async () => {
  const roles = Object.keys(run.server.signIns)
  assert.ok(roles.length >= 7)
  const titles = new Set()
  for (const role of roles) {
    await run.visit({ role, path: '/guide' }, async (page) => {
      await settled(page)
      await text(page).locator('h2').first().waitFor()
      titles.add(await text(page).innerText())
      const targets = new Set(await text(page).locator('a[href^="/"]:not([target])').evaluateAll((all) => all.map((link) => link.getAttribute('href'))))
      assert.ok(targets.size > 2, `${role}: ${[...targets].join(' ')}`)
      for (const target of targets) {
        await page.goto(new URL(target, page.url()).href)
        await settled(page)
        assert.doesNotMatch(await page.locator('main').innerText(), CLOSED, `${role} to ${target}`)
      }
    })
  }
  assert.equal(titles.size, roles.length, 'each role reads its own text')
})

test('both languages lead to the same pages and show the same pictures', async () => {
  const folder = new URL('../../docs/guide/', import.meta.url)
  const named = async (language, role) => [...(await readFile(new URL(`${language}/${role}`, folder), 'utf8')).matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1].replace(/\.(zh|en)\.jpg$/, '')).sort()
  const roles = await readdir(new URL('zh/', folder))
  assert.equal(roles.length, 8)
  for (const role of roles) assert.deepEqual(await named('en', role), await named('zh', role), role)
})
