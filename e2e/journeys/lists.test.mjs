import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { eventually } from '../lib/eventually.mjs'
import { session } from '../lib/session.mjs'

const run = session()

const rows = (page) => page.locator('main [role="row"][id^="row-"]')
const amounts = async (page) => (await rows(page).locator('[role="gridcell"]:last-child').allInnerTexts()).map((text) => Number(text.replaceAll(',', '')))
const query = (page) => new URL(page.url()).searchParams
const falling = (numbers) => numbers.length > 5 && numbers.every((number, at) => at === 0 || number <= numbers[at - 1])

test('a click on a header sorts at the server, and the address says so', () => run.visit({ role: 'director', path: '/opportunities?view=list' }, async (page) => {
  await settled(page)
  await rows(page).first().waitFor()
  await page.getByRole('columnheader', { name: '金额' }).getByRole('button').click()
  await page.waitForURL(/sort=-amount/)
  await eventually(async () => assert.ok(falling(await amounts(page)), 'largest first'))
  const largest = await page.evaluate(async () => (await (await fetch('/api/v1/opportunities?sort=-amount&limit=1')).json()).items[0].amount.amount)
  assert.equal((await amounts(page))[0], Number(largest))
  assert.equal(await page.getByRole('columnheader', { name: '金额' }).getAttribute('aria-sort'), 'descending')
  await page.getByRole('columnheader', { name: '金额' }).getByRole('button').click()
  await page.waitForURL(/sort=amount/)
  await eventually(async () => { const shown = await amounts(page); assert.ok(falling([...shown].reverse())) })
}))

test('filters narrow the list, live in the address, and back from a record finds them again', () => run.visit({ role: 'director', path: '/leads' }, async (page) => {
  await settled(page)
  await rows(page).first().waitFor()
  await page.locator('nav a[href="/accounts"]').first().click()
  await page.getByRole('heading', { name: '客户', level: 1 }).waitFor()
  await rows(page).first().waitFor()
  const name = (await rows(page).first().getByRole('link').innerText()).slice(0, 4)
  await page.keyboard.press('/')
  await page.keyboard.type(name)
  await page.waitForURL(/[?&]text=/)
  await eventually(async () => {
    const names = await rows(page).getByRole('link').allInnerTexts()
    assert.ok(names.length > 0 && names.every((one) => one.includes(name)), names.join())
  })
  await page.keyboard.press('Escape')
  await page.waitForURL((url) => !url.searchParams.has('text'))
  await page.keyboard.type(name)
  await page.waitForURL(/[?&]text=/)
  await eventually(async () => assert.ok((await rows(page).getByRole('link').allInnerTexts()).every((one) => one.includes(name))))
  await rows(page).first().click()
  await page.waitForURL(/\/records\/account\//)
  await page.goBack()
  await page.waitForURL(/\/accounts\?text=/)
  await eventually(async () => assert.equal(await page.locator('#list-text').inputValue(), name))
  await page.goBack()
  await page.waitForURL(/\/leads$/)
}))

test('the address alone brings the same list; what nobody knows in it does no harm', () => run.visit({ role: 'director', path: '/opportunities?view=list&status=won&sort=-amount&columns=amount,status&owner_id=me&closed_from=soon' }, async (page) => {
  await settled(page)
  await rows(page).first().waitFor()
  assert.deepEqual((await page.getByRole('columnheader').allInnerTexts()).map((text) => text.trim()).filter(Boolean), ['商机', '状态', '金额'])
  await eventually(async () => {
    assert.ok(falling(await amounts(page)))
    for (const word of await rows(page).locator('[role="gridcell"]:nth-child(3)').allInnerTexts()) assert.equal(word, '赢单')
  })
}))

test('a list is worked by keys alone: j and k move, x chooses, Esc clears, Enter opens', () => run.visit({ role: 'manager', path: '/opportunities?view=list' }, async (page) => {
  await settled(page)
  await rows(page).first().waitFor()
  for (const key of ['j', 'j', 'x', 'ArrowDown', 'x', 'k']) await page.keyboard.press(key)
  await eventually(async () => assert.equal(await page.locator('main [aria-selected="true"]').count(), 2))
  await eventually(async () => assert.equal(await page.locator('main [data-active="true"]').getAttribute('id'), 'row-1'))
  assert.match(await page.getByRole('region', { name: '已选的行' }).innerText(), /已选 2 条/)
  await page.keyboard.press('Escape')
  await eventually(async () => assert.equal(await page.locator('main [aria-selected="true"]').count(), 0))
  const name = await page.locator('main [data-active="true"]').getByRole('link').innerText()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/records\/opportunity\//)
  await eventually(async () => assert.equal(await page.locator('main h2').first().innerText(), name))
  await page.goBack()
  await eventually(async () => assert.equal(await page.locator('main [data-active="true"]').getAttribute('id'), 'row-1'))
}))

test('a long list loads as one scrolls, and only what is in view is in the page', () => run.visit({ role: 'director', path: '/activities' }, async (page) => {
  await settled(page)
  await rows(page).first().waitFor()
  const list = page.getByTestId('list')
  const height = () => list.evaluate((element) => element.scrollHeight)
  for (const least of [100, 300, 500]) {
    await eventually(async () => {
      await list.evaluate((element) => element.scrollTo({ top: element.scrollHeight }))
      assert.ok(await height() > least * 38, `${await height()} px`)
    })
  }
  assert.ok(await rows(page).count() < 80)
}))

test('on the phone rows are cards and filters stand behind one button', () => run.visit({ role: 'rep', path: '/opportunities?view=list', width: 390 }, async (page) => {
  await settled(page)
  const cards = page.locator('main [role="listitem"]')
  await cards.first().waitFor()
  await page.getByRole('button', { name: '筛选' }).click()
  const sheet = page.locator('dialog[open]')
  await sheet.getByRole('combobox', { name: '状态' }).click()
  await page.locator('.ant-select-item-option', { hasText: '输单' }).click()
  await sheet.getByRole('button', { name: '查看结果' }).click()
  await eventually(async () => assert.equal(query(page).get('status'), 'lost'))
  await eventually(async () => { for (const text of await cards.allInnerTexts()) assert.match(text, /输单/) })
  await cards.first().click()
  await page.waitForURL(/\/records\/opportunity\//)
}))

test('several deals are changed at once: first shown, then done, then undone', () => run.visit({ role: 'director', path: '/opportunities?view=list&status=open&sort=amount&columns=competitor,amount' }, async (page) => {
  await settled(page)
  await rows(page).first().waitFor()
  const competitors = async () => (await rows(page).locator('[role="gridcell"]:last-child').allInnerTexts()).slice(0, 3).map((text) => text.trim())
  const before = await competitors()
  for (let row = 0; row < 3; row += 1) { await page.keyboard.press('j'); await page.keyboard.press('x') }
  await page.getByText('已选 3 条').waitFor()
  await page.getByRole('button', { name: '修改', exact: true }).click()
  const sheet = page.getByRole('dialog', { name: '修改 3 条' })
  await sheet.getByRole('combobox').first().click()
  await page.getByTitle('竞争对手', { exact: true }).click()
  await sheet.getByRole('textbox', { name: '竞争对手' }).fill('对手甲')
  await sheet.getByText('3 条会改').waitFor()
  await eventually(async () => assert.equal(await sheet.getByText('对手甲').count(), 3))
  assert.deepEqual(await competitors(), before, 'a preview changes nothing')
  await sheet.getByRole('button', { name: '修改 3 条' }).click()
  await page.getByText('已改 3 条').waitFor()
  await eventually(async () => assert.deepEqual(await competitors(), ['对手甲', '对手甲', '对手甲']))
  await page.getByRole('button', { name: '撤销' }).click()
  await page.getByText('已改回 3 条').waitFor()
  await eventually(async () => assert.deepEqual(await competitors(), before))
}))

test('a choice within the filters reaches beyond their box, and leaves it open', () => run.visit({ role: 'director', path: '/opportunities?view=list' }, async (page) => {
  await settled(page)
  await rows(page).first().waitFor()
  await page.getByRole('button', { name: '筛选' }).click()
  const box = page.locator(':popover-open')
  await box.locator('.ant-select').last().click()
  const options = page.locator('.ant-select-dropdown:visible .ant-select-item-option')
  await options.first().waitFor()
  const count = await options.count()
  for (let at = 0; at < Math.min(count, 6); at += 1) {
    await eventually(async () => assert.ok(await options.nth(at).evaluate((option) => {
      const { left, top, width, height } = option.getBoundingClientRect()
      return option.contains(document.elementFromPoint(left + width / 2, top + height / 2))
    }), `choice ${at} can be hit`))
  }
  const before = page.url()
  await options.first().click()
  await page.waitForURL((url) => url.href !== before)
  assert.ok(await box.isVisible())
  await page.keyboard.press('Escape')
  await box.waitFor({ state: 'detached' })
}))
