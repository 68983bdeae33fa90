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
