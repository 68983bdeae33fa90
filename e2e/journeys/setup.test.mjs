import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { bookForRep } from '../lib/booking.mjs'
import { eventually } from '../lib/eventually.mjs'
import { ask, field, form, formOpen } from '../lib/records.mjs'
import { session } from '../lib/session.mjs'

const run = session()
const toast = (page) => page.getByRole('status').locator('li')
const choose = async (page, control, option) => {
  await page.locator(`.ant-select:has(${control})`).click()
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: option }).first().click()
}

/** What the lines of a plan's component pay the person who looks at the page, in cents. */
const paidBy = async (page, component) => {
  const { data: me } = await ask(page, '/me')
  const { data } = await ask(page, `/people/${me.person.id}/estimate/lines?limit=200`)
  return data.items.filter((line) => line.component_name === component || line.component === component).reduce((sum, { amount }) => sum + BigInt((amount.amount ?? amount).replace('.', '')), 0n)
}

test('operations publishes a plan by the form, and the estimate of a rep follows it', async () => {
  await run.visit({ role: 'rep', path: '/pay' }, async (rep) => {
    await settled(rep)
    await bookForRep(run.server, rep)
    await run.visit({ role: 'operations', path: '/plans' }, async (page) => {
      await settled(page)
      await page.getByRole('link', { name: '新建方案' }).click()
      await page.waitForURL(/\/plans\/new/)
      await page.locator('#plan-zh').fill('冲刺奖')
      await page.locator('#plan-id').fill('sprint-e2e')
      await page.getByRole('button', { name: /^2/ }).click()
      await page.locator('#part-zh').fill('赢单加成')
      await page.getByRole('radio', { name: '固定比例' }).check()
      await choose(page, '#part-basis', '商机赢单')
      await page.locator('#rate-flat').fill('1.5')
      // The clauses are the server's: they follow what is typed.
      await page.locator('main ol button', { hasText: '按 1.5 % 计提' }).waitFor()
      await page.getByText('没有问题，可以发布').waitFor()
      await page.getByRole('button', { name: '发布第 1 版' }).click()
      const sheet = page.locator('dialog[open]')
      await sheet.getByText(/新加入 \d+ 人/).waitFor()
      await sheet.getByRole('button', { name: /发布，适用 \d+ 人/ }).click()
      await page.waitForURL(/\/plans\/[0-9a-f-]{36}/)
      await page.getByText('按 1.5 % 计提').first().waitFor()
    })
    // 1.5 % of the 20,000 that were booked, at least: deals won before in this month come on top.
    await eventually(async () => {
      await rep.reload()
      await rep.getByText('赢单加成').first().waitFor({ timeout: 2_000 })
    })
    await eventually(async () => assert.ok(await paidBy(rep, '赢单加成') >= 30_000n))
  })
})

test('a draft of a plan is kept, its mistakes are named at their clause, and nothing is published by them', () => run.visit({ role: 'operations', path: '/plans/new' }, async (page) => {
  await settled(page)
  await page.locator('#plan-zh').fill('草稿方案')
  await page.getByRole('button', { name: /^2/ }).click()
  await page.getByRole('radio', { name: '超额累进' }).check()
  await page.locator('#band-0').fill('5')
  await page.locator('#band-rate-0').fill('4')
  await page.locator('aside').getByText('第一档须从 0 开始').waitFor()
  await page.reload()
  await settled(page)
  await eventually(async () => assert.equal(await page.locator('h1').innerText(), '草稿方案'))
  await page.getByRole('button', { name: '放弃修改' }).click()
}))

test('an administrator sets what a stage requires, and the board refuses a drag with the way to mend it', async () => {
  await run.visit({ role: 'administrator', path: '/settings/pipelines' }, async (page) => {
    await settled(page)
    const stage = page.locator('main ol > li', { hasText: '商务谈判' })
    await stage.getByRole('button', { name: '商务谈判', exact: true }).click()
    await page.getByRole('checkbox', { name: '竞争对手' }).check()
    await page.getByRole('button', { name: '保存' }).click()
    await page.locator('main ol > li', { hasText: '必填：竞争对手' }).waitFor()
  })
  await run.visit({ role: 'rep', path: '/opportunities' }, async (page) => {
    await settled(page)
    const { data } = await ask(page, '/opportunities?status=open&limit=200')
    const { data: pipelines } = await ask(page, '/pipelines')
    const stages = pipelines.items[0].stages
    const proposal = stages.find(({ code }) => code === 'proposal').id
    const negotiation = stages.find(({ code }) => code === 'negotiation').id
    const deal = data.items.find(({ stage_id, competitor }) => stage_id === proposal && !competitor)
    assert.ok(deal, 'a deal in the proposal stage')
    const card = page.locator(`[data-card="${deal.id}"] > button`)
    await card.scrollIntoViewIfNeeded()
    await card.focus()
    await page.keyboard.press(']')
    await toast(page).filter({ hasText: '还缺：竞争对手' }).waitFor()
    // It stands where it stood, and the way to mend it is one click.
    await eventually(async () => assert.equal(await page.locator(`[data-stage="${proposal}"] [data-card="${deal.id}"]`).count(), 1))
    await toast(page).getByRole('button', { name: '去填写' }).click()
    await formOpen(page)
    await eventually(async () => assert.equal(await field(page, 'competitor').locator('input').evaluate((input) => input === document.activeElement), true))
    await page.keyboard.type('对手甲')
    await page.keyboard.press('Control+Enter')
    await form(page).waitFor({ state: 'detached' })
    await eventually(async () => assert.equal((await ask(page, `/opportunities/${deal.id}`)).data.stage_id, negotiation))
  })
})

test('targets are typed and pasted into the table, summed at once and taken back', () => run.visit({ role: 'operations', path: '/settings/targets?metric=won_amount&year=2031' }, async (page) => {
  await settled(page)
  const cell = (row, column) => page.locator(`[data-cell="${row} ${column}"]`)
  // On a slow page keys come before the frame that selects the cell's text: none of them is lost.
  await page.evaluate(() => {
    const frame = window.requestAnimationFrame
    window.requestAnimationFrame = (then) => frame(() => setTimeout(() => then(performance.now()), 150))
    window.inTime = () => { window.requestAnimationFrame = frame }
  })
  await cell(1, 0).focus()
  await page.keyboard.type('1')
  await page.waitForTimeout(300)
  await page.keyboard.type('2万')
  await page.evaluate(() => window.inTime())
  await page.keyboard.press('Enter')
  await eventually(async () => assert.equal(await cell(1, 0).inputValue(), '120,000'))
  await cell(1, 1).focus()
  // The cursor stays where it was put last, also when the page is late to select what a cell held that had it before.
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)) }))
  assert.equal(await page.evaluate(() => document.activeElement.dataset.cell), '1 1')
  await page.evaluate(() => {
    const data = new DataTransfer()
    data.setData('text/plain', '1000\t2000\n3000\tmany')
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  })
  await eventually(async () => assert.equal(await cell(2, 1).inputValue(), '3,000'))
  await toast(page).filter({ hasText: '1 格不是数字' }).waitFor()
  const parts = page.locator('tfoot tr').first().locator('td')
  await eventually(async () => assert.equal(await parts.nth(1).innerText(), '4,000'))
  await page.getByRole('button', { name: '撤销' }).first().click()
  await eventually(async () => assert.equal(await cell(2, 1).inputValue(), ''))
  assert.equal(await cell(1, 0).inputValue(), '120,000')
}))

test('a product is made and put away in its list, with the way back', () => run.visit({ role: 'administrator', path: '/settings/products' }, async (page) => {
  await settled(page)
  await page.getByRole('button', { name: '新建产品' }).first().click()
  await page.locator('#product-code').fill('E2E-1')
  await page.locator('#product-name').fill('旅程产品')
  await page.locator('#product-price').fill('1.5万')
  await page.keyboard.press('Enter')
  const row = page.locator('main tbody tr', { hasText: 'E2E-1' })
  await row.getByText('15,000').waitFor()
  await row.getByRole('button', { name: /归档/ }).click()
  await row.waitFor({ state: 'detached' })
  await toast(page).getByRole('button', { name: '撤销' }).click()
  await page.locator('main tbody tr', { hasText: 'E2E-1' }).waitFor()
}))
