// The journeys of the product by keys alone: no mouse, no finger. A way that Tab does not lead fails.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cookieOf, settled } from '../lib/browser.mjs'
import { openRow } from '../lib/booking.mjs'
import { eventually } from '../lib/eventually.mjs'
import { choose, command, press, signIn, tabTo, typeInto } from '../lib/keys.mjs'
import { ask, field, form, formOpen, input } from '../lib/records.mjs'
import { session } from '../lib/session.mjs'

const run = session()
const unique = () => `${process.pid}-${Math.random().toString(36).slice(2, 8)}`
const cents = (text) => BigInt(text.replaceAll('\u2212', '-').replace(/[^\d-]/g, ''))
const as = (role, body) => run.visit({ path: '/sign-in' }, async (page) => {
  // Whoever used the server before may have left the role in English.
  const answer = await fetch(`${run.server.base}/api/v1/me`, {
    method: 'PATCH', headers: { 'content-type': 'application/json', origin: run.server.base, cookie: await cookieOf(run.server, role) }, body: JSON.stringify({ locale: 'zh-CN' }),
  })
  assert.equal(answer.status, 200)
  await signIn(page, run.server.signIns[role])
  await body(page)
})

test('by keys alone a rep captures a lead, converts it and logs a call', () => as('rep', async (page) => {
  const company = `海州机电 ${unique()}`
  await command(page, '新建线索')
  await formOpen(page)
  await typeInto(page, input(page, 'name'), '钱立')
  await typeInto(page, input(page, 'phone'), '13800002468')
  await typeInto(page, input(page, 'company_name'), company)
  await press(page, field(page, 'source').getByRole('button', { name: '展会' }))
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/\/records\/lead\//)
  await press(page, page.getByRole('button', { name: '转化', exact: true }))
  await formOpen(page)
  await eventually(async () => assert.equal(await input(page, 'account/name').inputValue(), company))
  await typeInto(page, input(page, 'opportunity/amount'), '40万')
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/\/records\/opportunity\//)
  const id = new URL(page.url()).pathname.split('/').at(-1)
  const deal = (await ask(page, `/opportunities/${id}`)).data
  assert.equal(deal.amount.amount, '400000.00')
  await settled(page)
  await press(page, page.getByRole('button', { name: '记跟进' }))
  await formOpen(page)
  await tabTo(page, field(page, 'kind').locator('input'))
  await page.keyboard.press('Space')
  await press(page, field(page, 'outcome').getByRole('button', { name: '认可方案' }))
  await page.keyboard.press('Control+Enter')
  await page.getByRole('region', { name: '下一步' }).getByText('发送报价').waitFor()
  assert.equal((await ask(page, `/activities?opportunity_id=${id}`)).data.items[0].outcome, '认可方案')
}))

test('by keys alone a manager moves a deal on the board and takes it back', () => as('manager', async (page) => {
  await command(page, '商机')
  await page.waitForURL(/\/opportunities/)
  await settled(page)
  const card = page.locator('main [data-stage]').nth(0).locator('[data-card]').first()
  const id = await card.getAttribute('data-card')
  const stage = async () => (await ask(page, `/opportunities/${id}`)).data.stage_id
  const before = await stage()
  await tabTo(page, card.locator('button').first())
  await page.keyboard.press(']')
  await eventually(async () => assert.notEqual(await stage(), before))
  // What was done is taken back by the key everybody knows; the message about it need not be gone to.
  const undo = page.getByRole('status').locator('li button')
  const moved = page.locator(`[data-card="${id}"] > button`)
  const atCard = () => eventually(async () => assert.ok(await moved.evaluate((element) => element === document.activeElement), 'the focus is at the card'))
  await undo.first().waitFor()
  await page.keyboard.press('Control+z')
  await undo.first().waitFor({ state: 'detached' })
  await eventually(async () => assert.equal(await stage(), before))
  await atCard()
  // Or the message is gone to, and left again for where one was.
  await page.keyboard.press(']')
  await undo.first().waitFor()
  await page.keyboard.press('F8')
  await eventually(async () => assert.ok(await undo.last().evaluate((element) => element === document.activeElement)))
  await page.keyboard.press('Escape')
  await atCard()
  await page.keyboard.press('F8')
  await page.keyboard.press('Enter')
  await eventually(async () => assert.equal(await stage(), before))
  await atCard()
}))

test('by keys alone finance books a payment, and the rep sees why the estimate is another', () => as('rep', async (rep) => {
  await rep.goto(new URL('/pay', rep.url()).href)
  await settled(rep)
  await rep.locator('html[data-live]').waitFor()
  const total = async () => (await ask(rep, `/people/${(await ask(rep, '/me')).data.person.id}/estimate`)).data.total.value
  const row = await openRow(rep)
  const before = await total()
  await as('finance', async (page) => {
    await command(page, row.number)
    await page.waitForURL(/\/records\/contract\//)
    await settled(page)
    await press(page, page.getByRole('button', { name: '记回款' }))
    await formOpen(page)
    await typeInto(page, input(page, 'amount'), row.amount)
    await page.keyboard.press('Control+Enter')
    await form(page).waitFor({ state: 'detached' })
  })
  await eventually(async () => assert.equal(cents(await total()) - cents(before), row.expected))
  // Without a reload: the newest line, its reason, the record below it.
  await press(rep, rep.locator('main [data-why]'))
  const drawer = rep.getByTestId('drawer')
  await drawer.locator('h3').first().waitFor()
  await rep.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
}))

test('by keys alone operations publishes a plan', () => as('operations', async (page) => {
  await command(page, '方案')
  await page.waitForURL(/\/plans$/)
  await settled(page)
  await press(page, page.getByRole('link', { name: '新建方案' }))
  await page.waitForURL(/\/plans\/new/)
  await typeInto(page, page.locator('#plan-zh'), '键盘奖')
  await typeInto(page, page.locator('#plan-id'), `keys-${unique().replace(/[^a-z0-9-]/g, '')}`)
  await press(page, page.getByRole('button', { name: /^2/ }), 'Shift+Tab')
  await typeInto(page, page.locator('#part-zh'), '键盘加成')
  // One stop for all kinds; the arrows go from one to the next.
  const flat = page.getByRole('radio', { name: '固定比例' })
  await tabTo(page, page.getByRole('radiogroup').filter({ has: flat }).locator('input:checked'))
  for (let count = 0; count < 8 && !(await flat.isChecked()); count += 1) await page.keyboard.press('ArrowRight')
  assert.ok(await flat.isChecked())
  await choose(page, page.locator('#part-basis'), '商机赢单', { search: false })
  await typeInto(page, page.locator('#rate-flat'), '1.5')
  await page.locator('main ol button', { hasText: '按 1.5 % 计提' }).waitFor()
  await page.getByText('没有问题，可以发布').waitFor()
  await press(page, page.getByRole('button', { name: '发布第 1 版' }))
  const sheet = page.locator('dialog[open]')
  await sheet.getByText(/新加入 \d+ 人/).waitFor()
  await press(page, sheet.getByRole('button', { name: /发布，适用 \d+ 人/ }))
  await page.waitForURL(/\/plans\/[0-9a-f-]{36}/)
}))

test('by keys alone an administrator imports a file and mends a row of it', () => as('administrator', async (page) => {
  await page.goto(new URL('/settings/imports', page.url()).href)
  await settled(page)
  const key = `K${unique()}`
  const csv = `客户编号,客户名称,年收入\n${key}-1,青禾自动化,1200\n${key}-2,恒川仪器,abc\n`
  const asked = page.waitForEvent('filechooser')
  await press(page, page.getByRole('button', { name: /选择文件/ }))
  const chooser = await asked
  await chooser.setFiles({ name: '客户.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await page.waitForURL(/\/settings\/imports\/[0-9a-f-]{36}$/)
  await press(page, page.getByRole('button', { name: '预览', exact: true }))
  await press(page, page.getByRole('button', { name: '导入 1 行' }))
  await typeInto(page, page.getByTestId('rejected').getByLabel('第 3 行，年收入'), '4000')
  await press(page, page.getByRole('button', { name: '导入改好的 1 行' }))
  await eventually(async () => assert.equal((await ask(page, `/accounts?external_id=${key}-2`)).data.items.length, 1))
}))

test('by keys alone an administrator moves somebody to another team and takes that back', () => as('administrator', async (page) => {
  await page.goto(new URL('/settings/members', page.url()).href)
  await settled(page)
  const teams = (await ask(page, '/teams')).data.items.filter(({ people }) => people > 2)
  const today = (await ask(page, '/me')).data.company.today
  const list = page.locator('main a[href^="/settings/members/"]')
  await press(page, list.nth(3))
  await page.waitForURL(/\/settings\/members\/./)
  const person = new URL(page.url()).pathname.split('/').at(-1)
  const memberships = async () => (await ask(page, `/people/${person}`)).data.memberships?.length
  const before = await memberships()
  await settled(page)
  await press(page, page.getByRole('button', { name: '调动团队' }))
  const sheet = page.locator('dialog[open]')
  await choose(page, sheet.locator('input[role="combobox"]').first(), teams.at(-1).name)
  // A date is typed part by part.
  await tabTo(page, sheet.getByLabel('开始日期'))
  const date = sheet.getByLabel('开始日期')
  const [year, month, day] = today.split('-')
  // In the order of the browser's own language, whichever that is.
  for (const typed of [month + day + year, `${year}/${month}${day}`]) {
    if (await date.inputValue() === today) break
    await page.keyboard.press('Shift+Tab')
    await tabTo(page, date)
    await page.keyboard.type(typed)
  }
  assert.equal(await date.inputValue(), today)
  await press(page, sheet.getByRole('button', { name: '调动团队' }))
  await sheet.waitFor({ state: 'detached' })
  assert.equal(await sheet.count(), 0)
  await press(page, page.getByRole('button', { name: /撤回到“/ }))
  await page.getByText('已撤回调动').first().waitFor()
  await eventually(async () => assert.equal(await memberships(), before))
}))
