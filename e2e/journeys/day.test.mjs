// A rep's day with its taps, clicks and seconds, printed. The seconds are those of the product and of a quick typist: a key
// each KEY_MS, a tap each TAP_MS (the hand has to get there), so that what is printed is a person's time, not a machine's.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { bookPayment } from '../lib/booking.mjs'
import { eventually } from '../lib/eventually.mjs'
import { ask, field, form, formOpen, goTo, input, make, newest } from '../lib/records.mjs'
import { session } from '../lib/session.mjs'

const KEY_MS = 120
const TAP_MS = 600
const run = session()
const cents = (text) => BigInt(text.replaceAll('\u2212', '-').replace(/[^\d-]/g, ''))

/** Counts what the hand does from now on. */
function hand(page) {
  const counted = { taps: 0, clicks: 0, drags: 0 }
  const started = performance.now()
  const reach = () => page.waitForTimeout(TAP_MS)
  return {
    tap: async (target) => { await reach(); counted.taps += 1; await target.tap() },
    click: async (target) => { await reach(); counted.clicks += 1; await target.click() },
    type: (text) => page.keyboard.type(text, { delay: KEY_MS }),
    drag: async (card, to) => {
      await card.scrollIntoViewIfNeeded()
      const [from, target] = [await card.boundingBox(), await to.boundingBox()]
      await reach()
      counted.drags += 1
      await page.mouse.move(from.x + 60, from.y + 30)
      await page.mouse.down()
      await page.mouse.move(from.x + 90, from.y + 40, { steps: 3 })
      await page.mouse.move(target.x + target.width / 2, target.y + 120, { steps: 8 })
      await page.mouse.up()
    },
    /** Prints and returns what it took. */
    done: (what) => {
      const seconds = (performance.now() - started) / 1000
      const parts = Object.entries(counted).filter(([, count]) => count > 0).map(([name, count]) => `${count} ${count === 1 ? name.slice(0, -1) : name}`)
      console.log(`a rep's day: ${what}: ${parts.join(', ')}, ${seconds.toFixed(1)} s`)
      return { ...counted, seconds }
    },
  }
}

test('a lead is captured on the phone, from the desk, in 6 taps', () => run.visit({ role: 'rep', width: 390, path: '/desk' }, async (page) => {
  await settled(page)
  const { tap, type, done } = hand(page)
  await tap(page.getByRole('navigation', { name: '菜单' }).getByRole('link', { name: '线索' }))
  await tap(page.getByRole('link', { name: '新建线索' }))
  await formOpen(page)
  await tap(input(page, 'name'))
  await type('陈晓')
  await tap(input(page, 'phone'))
  await type('13812345678')
  await tap(input(page, 'company_name'))
  await type('苏州明德自动化')
  await tap(form(page).getByRole('button', { name: '保存线索' }))
  await page.waitForURL(/\/records\/lead\//)
  await page.locator('main h2', { hasText: '陈晓' }).waitFor()
  const { taps } = done('capture a lead')
  assert.equal(taps, 6)
  const lead = await newest(page, 'leads')
  assert.deepEqual([lead.name, lead.phone, lead.company_name], ['陈晓', '13812345678', '苏州明德自动化'])
}))

test('a visit is logged at its deal in 4 taps', () => run.visit({ role: 'rep', width: 390, path: '/desk' }, async (page) => {
  await settled(page)
  const deal = await make(page, 'opportunities', { name: '午后的单子' })
  await goTo(page, `/records/opportunity/${deal.id}`)
  await settled(page)
  const { tap, done } = hand(page)
  await tap(page.getByRole('button', { name: '记跟进' }))
  await formOpen(page)
  await tap(field(page, 'kind').getByText('拜访'))
  await tap(field(page, 'outcome').getByRole('button', { name: '认可方案' }))
  await tap(form(page).getByRole('button', { name: '保存跟进' }))
  await page.getByRole('region', { name: '下一步' }).getByText('发送报价').waitFor()
  const { taps } = done('log a visit')
  assert.equal(taps, 4)
  const logged = await newest(page, 'activities', `opportunity_id=${deal.id}`)
  assert.deepEqual([logged.kind, logged.outcome], ['visit', '认可方案'])
}))

test('a deal is moved by one drag', () => run.visit({ role: 'rep', path: '/opportunities' }, async (page) => {
  await settled(page)
  const { data: me } = await ask(page, '/me')
  const account = await newest(page, 'accounts')
  const { id } = await make(page, 'opportunities', { name: '傍晚的单子', account_id: account.id, amount: { amount: '80000.00' }, expected_close_on: me.company.today, next_step: '发送报价' })
  await page.reload()
  await settled(page)
  const column = (at) => page.locator('main [data-stage]').nth(at)
  const card = column(0).locator(`[data-card="${id}"]`)
  await card.waitFor()
  const stages = await page.locator('main [data-stage]').evaluateAll((all) => all.map((one) => one.dataset.stage))
  const { drag, done } = hand(page)
  await drag(card, column(1))
  await column(1).locator(`[data-card="${id}"]`).waitFor()
  await eventually(async () => assert.equal((await ask(page, `/opportunities/${id}`)).data.stage_id, stages[1]))
  const { drags, clicks, taps } = done('move a deal')
  assert.deepEqual([drags, clicks, taps], [1, 0, 0])
}))

test('why the estimate changed is two clicks away', () => run.visit({ role: 'rep', path: '/accounts' }, async (page) => {
  await settled(page)
  await page.locator('html[data-live]').waitFor()
  const bell = page.getByTestId('bell')
  const unread = await bell.innerText()
  const { expected } = await bookPayment(run.server, page)
  await eventually(async () => assert.notEqual(await bell.innerText(), unread))
  const { click, done } = hand(page)
  await click(bell)
  const message = page.getByTestId('inbox').locator('li[data-kind="payment"]').first()
  await click(message.locator('[data-why]'))
  const drawer = page.getByTestId('drawer')
  await drawer.locator('h3').first().waitFor()
  // The lines of the estimate, the payment's among them.
  await eventually(async () => assert.ok((await drawer.locator('ul [data-why]').allInnerTexts()).some((text) => cents(text) === expected)))
  const { clicks } = done('why the estimate changed')
  assert.equal(clicks, 2)
}))
