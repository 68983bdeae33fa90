import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { eventually } from '../lib/eventually.mjs'
import { ask, change, field, form, formOpen, goTo, input, make, newest } from '../lib/records.mjs'
import { session } from '../lib/session.mjs'

const run = session()
const unique = () => `${process.pid}-${Math.random().toString(36).slice(2, 8)}`

test('a rep captures a lead on the phone and converts it', () => run.visit({ role: 'rep', width: 390, path: '/pay' }, async (page) => {
  await settled(page)
  const company = `苏州青禾自动化 ${unique()}`
  await goTo(page, '/pay?new=lead')
  await formOpen(page)
  await input(page, 'name').fill('何苗')
  await input(page, 'company_name').fill(company)
  await input(page, 'phone').fill('013800002468')
  await field(page, 'source').getByRole('button', { name: '展会' }).click()
  await form(page).getByRole('button', { name: '保存线索' }).click()
  await page.waitForURL(/\/records\/lead\//)
  await page.locator('main h2', { hasText: '何苗' }).waitFor()
  const lead = (await ask(page, `/leads/${page.url().split('/').at(-1)}`)).data
  assert.equal(lead.phone, '013800002468', 'a zero at the front stays')
  assert.equal(lead.source, '展会')

  await page.getByRole('button', { name: '转化', exact: true }).click()
  await formOpen(page)
  await eventually(async () => assert.equal(await input(page, 'account/name').inputValue(), company))
  await input(page, 'opportunity/amount').fill('40万')
  await form(page).getByRole('button', { name: '转化', exact: true }).click()
  await page.waitForURL(/\/records\/opportunity\//)
  const deal = (await ask(page, `/opportunities/${page.url().split('/').at(-1)}`)).data
  assert.equal(deal.amount.amount, '400000.00')
  assert.equal((await ask(page, `/accounts/${deal.account_id}`)).data.name, company)
  assert.equal((await ask(page, `/leads/${lead.id}`)).data.status, 'converted')
}))

test('two people at one record: nothing is overwritten silently', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  const lead = await make(page, 'leads', { name: '冲突', company_name: 'A', phone: '1' })
  await goTo(page, `/records/lead/${lead.id}?edit=lead:${lead.id}`)
  await formOpen(page)
  await input(page, 'company_name').fill('我的公司')
  await input(page, 'note').fill('我的备注')
  await change(page, 'leads', lead.id, { company_name: '对方的公司', phone: '2' })
  await page.keyboard.press('Control+Enter')
  const conflict = page.getByTestId('conflict')
  await conflict.waitFor()
  await conflict.getByText('对方的公司').waitFor()
  await conflict.getByText('我的公司').waitFor()
  const save = form(page).getByRole('button', { name: '保存', exact: true })
  await eventually(async () => assert.ok(await save.isDisabled(), 'what both changed is decided first'))
  await conflict.getByRole('radiogroup', { name: /公司名称/ }).getByText('用我的').click()
  await save.click()
  await form(page).waitFor({ state: 'detached' })
  const saved = (await ask(page, `/leads/${lead.id}`)).data
  assert.deepEqual([saved.company_name, saved.phone, saved.note], ['我的公司', '2', '我的备注'])
}))

test('a session ends while a form is open: after signing in what was typed is back', () => run.visit({ path: '/sign-in' }, async (page, context) => {
  const signIn = async () => {
    const { email, password } = run.server.signIns.manager
    await page.locator('#email').fill(email)
    await page.locator('#password').fill(password)
    await page.keyboard.press('Enter')
  }
  await signIn()
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  await settled(page)
  await goTo(page, '/team?new=account')
  await formOpen(page)
  const name = `草稿 ${unique()}`
  await input(page, 'name').fill(name)
  await context.clearCookies()
  await form(page).getByRole('button', { name: '保存客户' }).click()
  await page.waitForURL(/\/sign-in\?next=/)
  await signIn()
  await page.waitForURL(/new=account/)
  await formOpen(page)
  await eventually(async () => assert.equal(await input(page, 'name').inputValue(), name))
  await form(page).getByText('已恢复').waitFor()
  await form(page).getByRole('button', { name: '丢弃' }).click()
  await eventually(async () => assert.equal(await input(page, 'name').inputValue(), ''))
}))

test('a visit is logged in four taps', () => run.visit({ role: 'rep', width: 390, path: '/pay' }, async (page) => {
  await settled(page)
  const deal = await newest(page, 'opportunities', 'status=open')
  await goTo(page, `/records/opportunity/${deal.id}`)
  await settled(page)
  let taps = 0
  const tap = async (target) => { taps += 1; await target.tap() }
  const started = performance.now()
  await tap(page.getByRole('button', { name: '记跟进' }))
  await tap(field(page, 'kind').getByText('拜访'))
  await tap(field(page, 'outcome').getByRole('button', { name: '认可方案' }))
  await tap(form(page).getByRole('button', { name: '保存跟进' }))
  await form(page).waitFor({ state: 'detached' })
  console.log(`visit logged: ${taps} taps, ${((performance.now() - started) / 1000).toFixed(1)} s`)
  assert.equal(taps, 4)
  const logged = await newest(page, 'activities', `opportunity_id=${deal.id}`)
  assert.deepEqual([logged.kind, logged.outcome, logged.next_step, logged.effective], ['visit', '认可方案', '发送报价', true])
  await page.getByRole('region', { name: '下一步' }).getByText('发送报价').waitFor()
}))

test('a record is archived, and that is undone', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  const contact = await make(page, 'contacts', { name: `归档 ${unique()}` })
  await goTo(page, `/records/contact/${contact.id}`)
  await settled(page)
  await page.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: '归档' }).click()
  await page.getByText('这条记录已归档').waitFor()
  assert.equal((await ask(page, `/contacts/${contact.id}`)).data.archived, true)
  await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
  await page.getByRole('button', { name: '编辑' }).waitFor()
  assert.equal((await ask(page, `/contacts/${contact.id}`)).data.archived, false)
}))

test('long, right-to-left and pictured names are kept as they are', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  for (const name of ['很长的名字'.repeat(60), 'شركة الجسر للتجارة', `桥 \u{1F309} \u{1F468}\u200D\u{1F469}\u200D\u{1F467} ${unique()}`]) {
    await goTo(page, '/pay?new=contact')
    await formOpen(page)
    await input(page, 'name').fill(name)
    await page.keyboard.press('Control+Enter')
    // The page beneath the form has headings of its own.
    const shown = page.locator('main h2', { hasText: name })
    const refused = field(page, 'name').locator('p')
    await shown.or(refused).first().waitFor()
    if (await refused.count() > 0) {
      // Longer than a name may be: said at its field, and what was typed is still there.
      assert.equal(await input(page, 'name').inputValue(), name)
      await eventually(async () => assert.ok(await input(page, 'name').evaluate((control) => control === document.activeElement), 'the focus is at what is wrong'))
      await page.keyboard.press('Escape')
      await form(page).getByRole('button', { name: '丢弃' }).click()
      await form(page).waitFor({ state: 'detached' })
    } else {
      await page.waitForURL(/\/records\/contact\//)
      await eventually(async () => assert.equal(await shown.innerText(), name))
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false, 'nothing sticks out')
    }
  }
}))

test('what is wrong is said at its row; shares above 100 % are refused', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  await goTo(page, '/pay?new=contract')
  await formOpen(page)
  await field(page, 'splits').getByRole('button', { name: '添加成员' }).click()
  await field(page, 'splits').getByRole('textbox', { name: '归属比例' }).fill('120')
  await page.keyboard.press('Control+Enter')
  await field(page, 'splits').getByText('超过 100').first().waitFor()
  await field(page, 'number').getByText('必填').waitFor()
  await eventually(async () => assert.ok(await input(page, 'number').evaluate((control) => control === document.activeElement)))
  await field(page, 'lines').getByRole('button', { name: '添加产品' }).click()
  await field(page, 'lines').getByRole('textbox', { name: '含税单价' }).fill('77700')
  await field(page, 'lines').getByText('68,761.06').first().waitFor()
}))

test('back closes the form and the draft is there again', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  const lead = await make(page, 'leads', { name: `返回 ${unique()}` })
  await goTo(page, `/records/lead/${lead.id}`)
  await settled(page)
  await page.getByRole('button', { name: '编辑' }).click()
  await formOpen(page)
  await input(page, 'company_name').fill('还没保存')
  await page.goBack()
  await form(page).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '编辑' }).click()
  await formOpen(page)
  await eventually(async () => assert.equal(await input(page, 'company_name').inputValue(), '还没保存'))
  await page.keyboard.press('Escape')
  await form(page).getByRole('button', { name: '丢弃' }).last().click()
  await form(page).waitFor({ state: 'detached' })
  await eventually(async () => assert.ok(page.url().endsWith(`/records/lead/${lead.id}`), 'closing went back'))
}))

test('a record that is archived under its open form says so, and the text is there to be copied', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  const contact = await make(page, 'contacts', { name: `消失 ${unique()}` })
  await goTo(page, `/records/contact/${contact.id}?edit=contact:${contact.id}`)
  await formOpen(page)
  await input(page, 'title').fill('采购总监')
  const { etag } = await ask(page, `/contacts/${contact.id}`)
  await ask(page, `/contacts/${contact.id}`, { method: 'DELETE', etag })
  await page.keyboard.press('Control+Enter')
  await page.getByTestId('gone').getByText('采购总监').waitFor()
}))

test('a comment is written, put in other words and taken away', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  const lead = await make(page, 'leads', { name: `评论 ${unique()}` })
  await goTo(page, `/records/lead/${lead.id}`)
  const timeline = page.getByTestId('timeline')
  await timeline.getByRole('textbox').fill('先约技术交流')
  await page.keyboard.press('Control+Enter')
  await timeline.getByText('先约技术交流').waitFor()
  await timeline.getByRole('button', { name: '修改' }).click()
  await timeline.getByRole('textbox').last().fill('先约现场参观')
  await page.keyboard.press('Control+Enter')
  await timeline.getByText('先约现场参观').waitFor()
  await timeline.getByRole('button', { name: '删除' }).click()
  await timeline.getByText('先约现场参观').waitFor({ state: 'detached' })
}))
