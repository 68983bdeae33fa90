import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { eventually } from '../lib/eventually.mjs'
import { session } from '../lib/session.mjs'

const run = session()
const cents = (text) => BigInt(text.replaceAll('\u2212', '-').replace(/[^\d-]/g, ''))
const drawerOf = async (page, link) => {
  await link.click()
  const drawer = page.getByTestId('drawer')
  await drawer.locator('h3').first().waitFor()
  return drawer
}

test('an attainment shows the share, and leads to the value and the target and back', () => run.visit({ role: 'manager', path: '/team' }, async (page) => {
  await settled(page)
  const link = page.locator('main tbody [data-why*="of=attainment"]').first()
  const shown = await link.innerText()
  const drawer = await drawerOf(page, link)
  await eventually(async () => assert.equal(await drawer.getByTestId('big-figure').innerText(), shown))
  const target = drawer.locator('dl [data-why*="of=target"]')
  const amount = await target.innerText()
  await target.click()
  await drawer.getByText('目标', { exact: false }).first().waitFor()
  await page.waitForFunction(() => new URLSearchParams(location.search).get('why')?.includes('of=target'))
  await page.waitForFunction((text) => document.querySelector('[data-testid="drawer"] [data-testid="big-figure"]')?.textContent?.replace(/[^\d.]/g, '') === text, amount.replace(/[^\d.]/g, ''))
  await drawer.getByRole('button', { name: '返回' }).click()
  await page.waitForFunction(() => new URLSearchParams(location.search).get('why')?.includes('of=attainment'))
}))

test('the lines behind the estimate add up to it; a line opens its record', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  const total = cents(await page.getByTestId('big-figure').innerText())
  const drawer = await drawerOf(page, page.getByTestId('big-figure').locator('[data-why]'))
  await drawer.locator('ul button').first().waitFor()
  await eventually(async () => {
    const amounts = await drawer.locator('ul [data-why]').allInnerTexts()
    assert.ok(amounts.length > 0)
    assert.equal(amounts.reduce((sum, text) => sum + cents(text), 0n), total)
  })
  await drawer.locator('ul button').first().click()
  await drawer.locator('dl').first().waitFor()
  await page.waitForURL(/[?&]record=opportunity/)
}))

test('pace and tier say why', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  const tier = await drawerOf(page, page.locator('main [data-why*="tier="]').first())
  await eventually(async () => assert.match(await tier.innerText(), /档/))
  const pace = await drawerOf(page, page.locator('header [data-why*="/pace/explanation"]'))
  await page.getByText('公司日历').first().waitFor()
  await eventually(async () => assert.match(await pace.innerText(), /工作日/))
}))

test('a plan shows what it pays: the curve of the chosen clause, by the target of who is chosen', () => run.visit({ role: 'operations', path: '/plans' }, async (page) => {
  await settled(page)
  await page.locator('main a[href^="/plans/"]').first().click()
  const picture = page.locator('main svg[role="img"]')
  await picture.waitFor()
  await eventually(async () => assert.match(await picture.getAttribute('aria-label') ?? '', /提成曲线/))
  await picture.locator('path').first().waitFor()
  await eventually(async () => assert.doesNotMatch(await page.locator('main ol').innerText(), /proposal/, 'a stage stands by its name'))
  const box = await picture.boundingBox()
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2)
  await page.getByText(/时提成/).waitFor()
}))

test('the description of the API works alone', () => run.visit({ path: '/api/docs' }, async (page, context) => {
  const foreign = []
  await context.route(/.*/, (route) => {
    if (route.request().url().startsWith(run.server.base)) return route.continue()
    foreign.push(route.request().url())
    return route.abort()
  })
  await page.reload()
  await page.locator('article').first().waitFor()
  const all = await page.locator('article').count()
  assert.ok(all > 20)
  await page.getByRole('searchbox').fill('estimate')
  await page.waitForFunction((before) => document.querySelectorAll('article').length < before, all)
  await page.locator('article details > summary').first().click()
  assert.deepEqual(foreign, [])
}))
