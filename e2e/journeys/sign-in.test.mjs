import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { eventually } from '../lib/eventually.mjs'
import { session } from '../lib/session.mjs'

const run = session()

test('a wrong password says so, the right one leads where one wanted to go', () => run.visit({ path: '/settings?x=1' }, async (page) => {
  await page.waitForURL(/\/sign-in\?next=/)
  const { email, password } = run.server.signIns.rep
  await page.locator('#email').fill(email)
  await page.locator('#password').fill('not the password')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await eventually(async () => assert.equal(await page.getByRole('alert').innerText(), '邮箱或密码不对'))
  await page.locator('#password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/settings\?x=1$/)
}))

test('an address of another site is not followed after signing in', () => run.visit({ path: '/sign-in?next=//example.org/' }, async (page) => {
  const { email, password } = run.server.signIns.rep
  await page.locator('#email').fill(email)
  await page.locator('#password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname === '/desk')
  assert.equal(new URL(page.url()).origin, run.server.base)
}))

test('the sign-in page changes its language', () => run.visit({ path: '/sign-in' }, async (page) => {
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await eventually(async () => assert.equal(await page.locator('html').getAttribute('lang'), 'en'))
}))

test('signing out leads to the sign-in page, and the session is over', () => run.visit({ path: '/sign-in' }, async (page) => {
  const { email, password } = run.server.signIns.operations
  await page.locator('#email').fill(email)
  await page.locator('#password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  await page.goto(`${run.server.base}/settings`)
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.waitForURL(/\/sign-in/)
  await page.goto(`${run.server.base}/plans`)
  await page.waitForURL(/\/sign-in\?next=/)
}))

test('the program comes compressed to whoever takes it so', async () => {
  const { base } = run.server
  const address = /src="(\/assets\/[^"]+\.js)"/.exec(await (await fetch(`${base}/sign-in`)).text())[1]
  const get = (encoding) => fetch(base + address, { headers: { 'accept-encoding': encoding } })
  const [packed, plain] = [await get('gzip, br'), await get('identity')]
  assert.deepEqual([packed.headers.get('content-encoding'), plain.headers.get('content-encoding')], ['br', null])
  assert.match(packed.headers.get('vary'), /accept-encoding/i)
  assert.equal(await packed.text(), await plain.text())
})

test('what a page needs is asked for beside the program, each file once', () => run.visit({ role: 'rep', path: '/desk' }, async (page) => {
  await settled(page)
  const seen = await page.evaluate(() => ({
    wanted: [...document.querySelectorAll('script[src="/boot.js"] ~ link[rel="modulepreload"]')].map(({ href }) => href),
    begun: performance.getEntriesByType('resource').map(({ name, startTime }) => [name, startTime]),
  }))
  const at = (part) => seen.begun.filter(([name]) => name.includes(part)).map(([, start]) => start)
  for (const part of ['/DeskPage-', '/zh-CN-']) assert.ok(seen.wanted.some((href) => href.includes(part)), `${part} is asked for by boot.js`)
  for (const href of seen.wanted) assert.equal(at(href).length, 1, `${href} comes once`)
  assert.equal(at('/api/v1/me').length, 1, 'who is signed in is asked for once')
  assert.equal(at('/api/v1/desk').length, 2, 'the desk and its news are asked for once each')
}))
