import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { bookPayment } from '../lib/booking.mjs'
import { eventually } from '../lib/eventually.mjs'
import { ask, goTo, make } from '../lib/records.mjs'
import { session } from '../lib/session.mjs'

const run = session()
const cents = (text) => BigInt(text.replace(/[^\d-]/g, ''))

/** A deal of the page's own person whose next step is due today. */
async function dealWithStep(page, name) {
  const { data: me } = await ask(page, '/me')
  const deal = await make(page, 'opportunities', { name, amount: { amount: '380000.00' } })
  await make(page, 'activities', { kind: 'call', subject: '电话', opportunity_id: deal.id, next_step: '约决策人', next_step_on: me.company.today })
  return deal
}

for (const width of [1440, 390]) {
  test(`a rep's morning at ${width}: the worthiest step is done and taken back`, () => run.visit({ role: 'rep', width, path: '/' }, async (page) => {
    await settled(page)
    await eventually(() => assert.match(page.url(), /\/desk$/))
    const name = `晨间${width}号`
    const deal = await dealWithStep(page, name)
    await page.reload()
    await settled(page)
    const more = page.locator('main button', { hasText: '看全部' })
    if (await more.count() > 0) await more.click()
    const row = page.locator('li', { hasText: name }).filter({ has: page.locator('button', { hasText: '完成' }) })
    await row.waitFor()
    await row.locator('button', { hasText: '完成' }).click()
    await page.getByRole('button', { name: '拜访' }).click()
    await eventually(async () => assert.equal(await page.locator('main li', { hasText: '约决策人' }).filter({ hasText: name }).count(), 0))
    const logged = async () => (await ask(page, `/activities?opportunity_id=${deal.id}`)).data.items
    assert.equal((await logged()).filter(({ kind, subject }) => kind === 'visit' && subject === '约决策人').length, 1)
    await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
    await row.waitFor()
    assert.equal((await logged()).length, 1, 'the visit is gone again')
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(wide <= 0, `scrolls sideways by ${wide} px`)
  }))
}

test('a payment that finance books changes the desk by the right amount, without reload', () => run.visit({ role: 'rep', path: '/desk' }, async (page) => {
  await settled(page)
  await page.locator('html[data-live]').waitFor()
  const figure = page.getByRole('region', { name: '预估提成' }).getByTestId('big-figure')
  const before = await figure.innerText()
  const unread = (await ask(page, '/notifications/count')).data.unread
  const { expected } = await bookPayment(run.server, page)
  await eventually(async () => assert.equal(cents(await figure.innerText()) - cents(before), expected))
  await eventually(async () => assert.match(await page.getByTestId('bell').innerText(), new RegExp(`^${unread + 1 > 99 ? '99\\+' : unread + 1}$`)))
  await page.getByTestId('bell').click()
  const message = page.getByTestId('inbox').locator('li[data-kind="payment"]').first()
  await message.waitFor()
  assert.equal(cents(await message.locator('[data-why]').innerText()), expected)
}))

test('a manager goes from the desk to a stuck deal, names its owner, who reads it', async () => {
  let owner = ''
  let text = ''
  await run.visit({ role: 'manager', path: '/desk' }, async (page) => {
    await settled(page)
    // One that is stuck, of the rep who signs in below.
    const { data: me } = await ask(page, '/me')
    const { data: people } = await ask(page, '/people?limit=200')
    const rep = people.items.find(({ email }) => email === 'rep@example.com')
    assert.ok(rep && me.person)
    owner = rep.name
    const stuck = page.getByTestId('stuck').filter({ hasText: owner }).first()
    if (await stuck.count() > 0) await stuck.getByRole('link', { name: '评论' }).click()
    else {
      const { data } = await ask(page, `/opportunities?owner_id=${rep.id}&status=open&limit=1`)
      await goTo(page, `/records/opportunity/${data.items[0].id}?comment=1`)
    }
    await page.waitForURL(/\/records\/opportunity\//)
    const box = page.getByLabel('写评论')
    await box.waitFor()
    await box.click()
    await page.keyboard.type(`@${owner.slice(0, 1)}`)
    await page.getByRole('option', { name: owner }).or(page.locator('.ant-mentions-dropdown-menu-item', { hasText: owner })).first().click()
    text = `今天推一下 ${Date.now()}`
    await page.keyboard.type(text)
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('timeline').getByText(text).waitFor()
  })
  await run.visit({ role: 'rep', path: '/inbox' }, async (page) => {
    await settled(page)
    const message = page.getByTestId('inbox').locator('li[data-kind="mention"]', { hasText: text })
    await message.waitFor()
    // J to the first, E marks it: it leaves the list of what is unread.
    await page.keyboard.press('j')
    await page.keyboard.press('e')
    await eventually(async () => assert.equal(await message.count(), 0))
    await page.getByText('全部', { exact: true }).first().click()
    await message.waitFor()
    await message.locator('a').first().click()
    await page.waitForURL(/\/records\/opportunity\//)
    await page.getByTestId('timeline').getByText(text).waitFor()
  })
})

test('all are marked as read at once, and that is taken back', () => run.visit({ role: 'rep', path: '/inbox' }, async (page) => {
  const id = (await make(page, 'opportunities', { name: '消息测试' })).id
  await settled(page)
  await run.visit({ role: 'manager', path: '/desk' }, async (other) => { await ask(other, `/records/opportunity/${id}/comments`, { method: 'POST', body: { text: '看看' } }) })
  const rows = page.getByTestId('inbox').locator('li')
  await rows.filter({ hasText: '消息测试' }).waitFor()
  const before = await rows.count()
  await page.getByRole('button', { name: '全部标为已读' }).click()
  await page.getByText('没有未读消息').waitFor()
  await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
  await eventually(async () => assert.equal(await rows.count(), before))
}))
