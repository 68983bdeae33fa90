import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { eventually } from '../lib/eventually.mjs'
import { session } from '../lib/session.mjs'

const run = session()
const cents = (text) => BigInt(text.replaceAll('\u2212', '-').replace(/[^\d-]/g, ''))

test('from the estimate to the record behind a line, and back', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  const line = page.locator('main tbody [data-why]').first()
  const amount = await line.innerText()
  await line.click()
  const drawer = page.getByTestId('drawer')
  await drawer.locator('h3').first().waitFor()
  await eventually(async () => assert.equal(cents(await drawer.getByTestId('big-figure').innerText()), cents(amount), 'the drawer explains the figure that was clicked'))
  await page.waitForURL(/[?&]why=/)

  await drawer.locator('section').last().locator('button').first().click()
  await drawer.locator('dl').first().waitFor()
  await page.waitForURL(/[?&]record=/)
  await page.goBack()
  await drawer.locator('h3').first().waitFor()
  await page.waitForURL((url) => !url.searchParams.has('record'))
  await page.goBack()
  await drawer.waitFor({ state: 'detached' })
  await page.waitForURL((url) => !url.searchParams.has('why'))
}))

test('what is shown adds up', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  const total = cents(await page.getByTestId('big-figure').innerText())
  const rows = await page.locator('main tbody tr').evaluateAll((trs) => trs.map((tr) => ({ amount: tr.querySelector('[data-why]')?.textContent ?? '0', status: tr.lastElementChild.textContent })))
  const lines = rows.filter(({ status }) => !status.includes('作废')).reduce((sum, { amount }) => sum + cents(amount), 0n)
  assert.equal(lines, total)
  assert.equal(cents(await page.locator('main tfoot').innerText()), total)
}))

test('J and K step through the lines, Escape closes and the focus returns', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  const links = page.locator('main tbody [data-why]')
  await links.nth(1).waitFor()
  await links.first().focus()
  await page.keyboard.press('Enter')
  await page.getByTestId('drawer').locator('h3').first().waitFor()
  const whyAt = () => new URL(page.url()).searchParams.get('why')
  const [first, second] = [await links.nth(0).getAttribute('data-why'), await links.nth(1).getAttribute('data-why')]
  await eventually(() => assert.equal(whyAt(), first))
  await page.keyboard.press('j')
  await page.waitForFunction((url) => new URLSearchParams(location.search).get('why') === url, second)
  await page.keyboard.press('k')
  await page.waitForFunction((url) => new URLSearchParams(location.search).get('why') === url, first)
  await page.keyboard.press('Escape')
  await page.getByTestId('drawer').waitFor({ state: 'detached' })
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-why')), first))
}))

test('the address holds the open explanation', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  await page.locator('main tbody [data-why]').first().click()
  await page.getByTestId('drawer').locator('h3').first().waitFor()
  await page.reload()
  await page.getByTestId('drawer').locator('h3').first().waitFor()
}))

test('an explanation is never read from another place', () => run.visit({ role: 'rep', path: '/pay?why=https://example.org/api/v1/x' }, async (page) => {
  await settled(page)
  assert.equal(await page.getByTestId('drawer').count(), 0)
}))

test('a month without a plan or lines says what will be here', () => run.visit({ role: 'rep', path: '/pay?period=2001-01' }, async (page) => {
  await settled(page)
  await eventually(async () => assert.match(await page.locator('main').innerText(), /没有适用于你的激励方案|这个周期还没有提成明细/))
}))

test('a colleague’s pay is refused', () => run.visit({ role: 'rep', path: '/pay/00000000-0000-7000-8000-000000000001' }, async (page) => {
  await page.getByRole('alert').waitFor()
  assert.match(await page.getByRole('alert').innerText(), /没有查看他人提成的权限|找不到/)
}))

test('the phone shows the same in the same order', () => run.visit({ role: 'rep', path: '/pay', width: 390 }, async (page) => {
  await settled(page)
  const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  assert.equal(wider, false, 'nothing sticks out at 390 px')
  await page.locator('main li > button').first().click()
  const drawer = page.getByTestId('drawer')
  await drawer.locator('h3').first().waitFor()
  const box = await drawer.boundingBox()
  assert.equal(box?.width, 390)
}))
