import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { eventually } from '../lib/eventually.mjs'
import { session } from '../lib/session.mjs'

const run = session()
const MAX_STOPS = 40

/** Where the focus is, and whether one can see it: on the element or, of a control made of several, around it. */
const focused = (page) => page.evaluate(() => {
  const element = document.activeElement
  if (!element || element === document.body) return null
  const outlined = (one) => { const style = getComputedStyle(one); return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0 }
  const box = element.closest('[data-box], .ant-select, .ant-input-affix-wrapper, [data-segmented] label')
  const seen = outlined(element) || (box !== null && (outlined(box) || getComputedStyle(box).boxShadow !== 'none'))
  return { name: `${element.tagName.toLowerCase()} ${(element.getAttribute('aria-label') ?? element.textContent ?? '').slice(0, 30)}`, seen }
})

for (const { role, path } of [{ role: 'rep', path: '/pay' }, { role: 'manager', path: '/team' }, { role: 'manager', path: '/metrics/won_amount' }, { role: 'operations', path: '/plans' }, { role: 'manager', path: '/leads' }, { role: 'manager', path: '/opportunities' }]) {
  test(`every stop of the Tab key on ${path} can be seen`, () => run.visit({ role, path }, async (page) => {
    await settled(page)
    const stops = []
    for (let count = 0; count < MAX_STOPS; count += 1) {
      await page.keyboard.press('Tab')
      const stop = await focused(page)
      if (!stop) break
      stops.push(stop)
    }
    assert.ok(stops.length > 8, `only ${stops.length} stops`)
    assert.deepEqual(stops.filter(({ seen }) => !seen), [])
  }))
}

test('the focus never gets lost: palette, record below a reason, another page', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  const line = page.locator('main tbody [data-why]').nth(1)
  const atLine = () => line.evaluate((element) => element === document.activeElement)
  await line.focus()
  for (const leave of ['Escape', 'Control+k', 'Meta+k']) {
    await page.keyboard.press('Control+k')
    await page.locator('dialog[open]').waitFor()
    await page.keyboard.press(leave)
    await page.locator('dialog').waitFor({ state: 'detached' })
    await eventually(async () => assert.ok(await atLine(), `${leave} brings the focus back`))
  }

  await page.keyboard.press('Enter')
  const drawer = page.getByTestId('drawer')
  await drawer.locator('section').last().locator('button').first().focus()
  await page.keyboard.press('Enter')
  await drawer.locator('a[href^="/records/"]').first().waitFor()
  await eventually(async () => assert.ok(await drawer.evaluate((element) => element.contains(document.activeElement)), 'the focus stays in the drawer'))
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  await eventually(async () => assert.ok(await atLine(), 'Escape brings the focus back to the figure'))

  await page.keyboard.press('Control+k')
  await page.locator('dialog[open] input').fill('指标')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/metrics/)
  await settled(page)
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.id), 'main', 'Tab goes on from the new page'))
}))

test('a popover and a menu take the focus, and give it back', () => run.visit({ role: 'manager', path: '/leads' }, async (page) => {
  await settled(page)
  const has = (target) => eventually(async () => assert.ok(await target.evaluate((element) => element === document.activeElement), `the focus is at ${target}`))
  const columns = page.getByRole('button', { name: '选择列' })
  await columns.focus()
  await page.keyboard.press('Enter')
  const box = page.locator(':popover-open input[type="checkbox"]')
  await box.first().waitFor()
  assert.equal(await columns.getAttribute('aria-expanded'), 'true')
  await page.keyboard.press('Tab')
  await eventually(async () => assert.ok(await page.evaluate(() => document.activeElement.closest(':popover-open') !== null), 'Tab goes in'))
  await page.keyboard.press('Escape')
  await has(columns)
  await eventually(async () => assert.equal(await columns.getAttribute('aria-expanded'), 'false'))
  assert.equal(await box.count(), 0, 'what was in it is gone')

  const account = page.getByRole('button', { name: /^账号：/ })
  await account.focus()
  await page.keyboard.press('Enter')
  await has(page.getByRole('menuitem', { name: '设置' }))
  await page.keyboard.press('ArrowDown')
  await has(page.getByRole('menuitem', { name: '退出登录' }))
  await page.keyboard.press('ArrowDown')
  await has(page.getByRole('menuitem', { name: '设置' }))
  await page.keyboard.press('Escape')
  await has(account)
  await page.keyboard.press('Enter')
  await has(page.getByRole('menuitem', { name: '设置' }))
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/settings/)
}))

test('a click elsewhere closes a popover, and a second one on its button', () => run.visit({ role: 'manager', path: '/team' }, async (page) => {
  await settled(page)
  const period = page.getByRole('button', { name: /^选择周期/ })
  const open = page.locator(':popover-open')
  await period.click()
  await open.getByRole('radio').first().waitFor()
  await page.locator('h1').click()
  await open.waitFor({ state: 'detached' })
  await period.click()
  await open.waitFor()
  await period.click()
  await open.waitFor({ state: 'detached' })
}))
