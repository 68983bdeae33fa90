import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { eventually } from '../lib/eventually.mjs'
import { ask, field, form, formOpen, goTo, input, make } from '../lib/records.mjs'
import { session } from '../lib/session.mjs'

const run = session()
const unique = () => `${process.pid}-${Math.random().toString(36).slice(2, 8)}`

test('finance invoices a contract, corrects it, puts it away and takes that back', () => run.visit({ role: 'finance', path: '/contracts' }, async (page) => {
  await settled(page)
  const contract = (await ask(page, '/contracts?limit=1&status=signed')).data.items[0]
  const number = `FP-${unique()}`
  await goTo(page, `/records/contract/${contract.id}`)
  await page.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: '开票' }).click()
  await formOpen(page)
  await input(page, 'number').fill(number)
  await input(page, 'amount').fill('1130')
  await input(page, 'tax_rate').fill('13')
  await form(page).getByRole('button', { name: '保存发票' }).click()
  await form(page).waitFor({ state: 'detached' })
  // On the contract's page, and in the list, where it opens.
  await page.locator('main').getByRole('link', { name: new RegExp(number) }).waitFor()
  await goTo(page, `/contracts?tab=invoices&text=${number}`)
  await page.locator('main [role="row"]', { hasText: number }).click()
  await page.waitForURL(/\/records\/invoice\//)
  const id = page.url().split('/').at(-1)
  const before = (await ask(page, `/invoices/${id}`)).data
  assert.deepEqual([before.amount_excl_tax.amount, before.tax.amount], ['1000.00', '130.00'])
  // A correction takes the old fact back and records a new one.
  await page.getByRole('button', { name: '编辑', exact: true }).click()
  await formOpen(page)
  // The amount loses its grouping as one comes into it.
  await input(page, 'amount').click()
  await input(page, 'amount').fill('2260')
  await page.keyboard.press('Control+Enter')
  await form(page).waitFor({ state: 'detached' })
  const record = (await ask(page, `/records/invoice/${id}`)).data
  assert.deepEqual(record.facts.map((fact) => fact.amount.amount).sort(), ['-1130.00', '1130.00', '2260.00'])
  await page.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: '归档' }).click()
  await page.getByRole('button', { name: '撤销' }).click()
  await eventually(async () => assert.equal((await ask(page, `/invoices/${id}`)).data.archived, false))
}))

test('a rep records an order and what of it was handed over', () => run.visit({ role: 'rep', path: '/contracts?tab=orders' }, async (page) => {
  await settled(page)
  const number = `DD-${unique()}`
  await page.getByRole('link', { name: '新建订单' }).first().click()
  await formOpen(page)
  await input(page, 'number').fill(number)
  await input(page, 'quantity').fill('3')
  await input(page, 'amount').fill('9,000')
  await form(page).getByRole('button', { name: '保存订单' }).click()
  await page.waitForURL(/\/records\/sales_order\//)
  const id = page.url().split('/').at(-1)
  await page.getByRole('button', { name: '记交付' }).click()
  await formOpen(page)
  await input(page, 'quantity').fill('4')
  await form(page).getByRole('button', { name: '保存交付' }).click()
  // More than was ordered is said at the field, and nothing is written.
  await field(page, 'quantity').locator('[id$="-problem"]').waitFor()
  await input(page, 'quantity').fill('2')
  await form(page).getByRole('button', { name: '保存交付' }).click()
  await form(page).waitFor({ state: 'detached' })
  const deliveries = (await ask(page, `/deliveries?order_id=${id}`)).data.items
  assert.deepEqual(deliveries.map(({ quantity }) => quantity), ['2'])
  await goTo(page, '/contracts?tab=deliveries')
  await page.locator('main [role="row"]', { hasText: number }).waitFor()
}))

test('what is pinned is at hand in the palette and on the desk', () => run.visit({ role: 'rep', path: '/desk' }, async (page) => {
  await settled(page)
  const name = `置顶客户 ${unique()}`
  const account = await make(page, 'accounts', { name })
  await goTo(page, `/records/account/${account.id}`)
  await page.getByRole('button', { name: '置顶', exact: true }).click()
  await page.getByRole('button', { name: '取消置顶' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('option', { name: new RegExp(name) }).waitFor()
  await page.keyboard.press('Escape')
  await goTo(page, '/desk')
  await page.getByTestId('pins').getByRole('link', { name: new RegExp(name) }).click()
  await page.waitForURL(new RegExp(account.id))
  await page.getByRole('button', { name: '取消置顶' }).click()
  await page.getByRole('button', { name: '置顶', exact: true }).waitFor()
  assert.equal((await ask(page, '/pins')).data.items.some(({ id }) => id === account.id), false)
}))

test('a pasted card fills a lead; a table is sent to the import', () => run.visit({ role: 'rep', path: '/leads' }, async (page) => {
  await settled(page)
  const company = `云帆${unique().replace(/\W/g, '')}科技有限公司`
  await goTo(page, '/leads?new=lead')
  await formOpen(page)
  await form(page).getByRole('button', { name: '粘贴识别' }).click()
  const area = page.getByTestId('capture').locator('textarea')
  await area.fill('姓名\t电话\n王小明\t13800138000\n李莉\t13900139000')
  await page.getByRole('button', { name: '识别并填入' }).click()
  await page.getByTestId('capture').getByText('这是一张表（3 行）').waitFor()
  assert.equal(await input(page, 'name').inputValue(), '')
  await area.fill(`您好，我是${company}的王小明，采购经理，手机１３８００１３８０００`)
  await page.getByRole('button', { name: '识别并填入' }).click()
  await page.getByTestId('capture').getByText('已填入 4 项').waitFor()
  const typed = async (key) => input(page, key).inputValue()
  assert.deepEqual([await typed('name'), await typed('company_name'), await typed('phone'), await typed('title')], ['王小明', company, '13800138000', '采购经理'])
  // Taken back, filled in again, changed by hand; nothing was written so far.
  await page.getByRole('button', { name: '撤销填入' }).click()
  assert.equal(await typed('name'), '')
  assert.equal((await ask(page, `/leads?text=${encodeURIComponent(company)}`)).data.items.length, 0)
  await page.getByRole('button', { name: '识别并填入' }).click()
  await eventually(async () => assert.equal(await typed('name'), '王小明'))
  await input(page, 'name').fill('王晓明')
  await form(page).getByRole('button', { name: '保存线索' }).click()
  await page.waitForURL(/\/records\/lead\//)
  const lead = (await ask(page, `/leads/${page.url().split('/').at(-1)}`)).data
  assert.deepEqual([lead.name, lead.company_name, lead.phone, lead.title], ['王晓明', company, '13800138000', '采购经理'])
}))
