import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { eventually } from '../lib/eventually.mjs'
import { ask, goTo } from '../lib/records.mjs'
import { session } from '../lib/session.mjs'

const run = session()
const figure = (page, part) => page.locator(`[data-part="${part}"] b`).innerText()
const status = (page, wanted) => eventually(async () => assert.equal(await page.getByTestId('import-run').getAttribute('data-status'), wanted))

test('an administrator imports a file with 3 bad rows and mends them', () => run.visit({ role: 'administrator', path: '/settings/imports' }, async (page) => {
  await settled(page)
  const key = `J${process.pid}`
  const owner = (await ask(page, '/people?limit=1')).data.items[0]
  const rows = [
    `${key}-1,青禾自动化,小张,"1,200.50",13800002468`, `${key}-2,远山科技,小张,3000,13800002469`, `${key}-3,恒川仪器,小张,abc,13800002470`,
    `,没有编号的公司,小张,1,13800002471`, `${key}-5,北辰材料,小张,1.234,13800002472`,
  ]
  const csv = `客户编号,客户名称,销售,年收入,联系电话\n${rows.join('\n')}\n`
  await page.getByTestId('import-file').setInputFiles({ name: '客户.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await page.waitForURL(/\/settings\/imports\/[0-9a-f-]{36}$/)
  const address = new URL(page.url()).pathname
  // The columns are known by what people write above them.
  await eventually(async () => assert.match(await page.locator('main').innerText(), /青禾自动化/))
  await page.getByRole('button', { name: '预览', exact: true }).click()
  await status(page, 'checked')
  assert.equal(await figure(page, 'created'), '0', 'nobody is called 小张 yet')
  // What a value means is said once for all its rows.
  await page.getByLabel('负责人“小张”就是').fill(owner.external_id ?? owner.email)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '再次预览' }).click()
  await eventually(async () => assert.deepEqual([await figure(page, 'created'), await figure(page, 'rejected')], ['2', '3']))
  assert.equal((await ask(page, `/accounts?external_id=${key}-1`)).data.items.length, 0, 'a preview changes nothing')
  await page.getByRole('button', { name: '导入 2 行' }).click()
  // Leaving and coming back: the address is the import.
  await goTo(page, '/accounts')
  await settled(page)
  await goTo(page, address)
  await status(page, 'done')
  assert.deepEqual([await figure(page, 'created'), await figure(page, 'rejected')], ['2', '3'])
  // The rows that stayed out are mended where they are.
  const rejected = page.getByTestId('rejected')
  await rejected.getByLabel('第 4 行，年收入').fill('4000')
  await rejected.getByLabel('第 5 行，客户编号').fill(`${key}-4`)
  await rejected.getByLabel('第 6 行，年收入').fill('1.23')
  await page.getByRole('button', { name: '导入改好的 3 行' }).click()
  await eventually(async () => assert.deepEqual([await figure(page, 'created'), await figure(page, 'rejected')], ['5', '0']))
  const made = (await ask(page, `/accounts?external_id=${key}-4`)).data.items[0]
  assert.deepEqual([made.name, made.owner_id, made.phone], ['没有编号的公司', owner.id, '13800002471'])
  await goTo(page, '/settings/imports')
  await page.getByRole('link', { name: '客户.csv' }).first().waitFor()
}))

test('a table copied from a spreadsheet is pasted', () => run.visit({ role: 'operations', path: '/settings/imports' }, async (page) => {
  await settled(page)
  await page.getByRole('button', { name: '粘贴表格' }).click()
  await page.getByLabel(/粘贴到这里/).fill(`客户编号\t客户名称\nP${process.pid}\t粘贴的公司\n`)
  await page.getByRole('button', { name: '下一步' }).click()
  await page.waitForURL(/\/settings\/imports\/[0-9a-f-]{36}$/)
  await page.getByRole('button', { name: '预览', exact: true }).click()
  await status(page, 'checked')
  assert.equal(await figure(page, 'created'), '1')
  await page.getByRole('button', { name: '放弃' }).click()
  await status(page, 'cancelled')
}))

test('a file that is no table is refused in words', () => run.visit({ role: 'operations', path: '/settings/imports' }, async (page) => {
  await settled(page)
  const wrong = async (text, said) => {
    await page.getByTestId('import-file').setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.isBuffer(text) ? text : Buffer.from(text) })
    await page.getByRole('alert').filter({ hasText: said }).waitFor()
  }
  await wrong('客户编号,客户编号\n1,2\n', '重复')
  await wrong(Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0xff]), 'GB18030')
}))

test('what a list shows is exported, and how much it was is said', () => run.visit({ role: 'manager', path: '/opportunities?view=list&status=won' }, async (page) => {
  await settled(page)
  const listed = (await ask(page, '/exports/opportunities/size?status=won')).data.rows
  const button = page.getByRole('button', { name: /^导出/ })
  await button.hover()
  await eventually(async () => assert.equal((await button.getAttribute('title')).replace(/\D/g, ''), String(listed)))
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  const chunks = []
  for await (const chunk of await download.createReadStream()) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  assert.ok(text.startsWith('\ufeffopportunity,'), 'a spreadsheet knows that it is UTF-8')
  assert.equal(text.trim().split('\n').length - 1, listed)
  await page.getByText(/已导出/).waitFor()
}))
