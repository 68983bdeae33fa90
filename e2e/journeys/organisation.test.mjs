import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { eventually } from '../lib/eventually.mjs'
import { ask, goTo } from '../lib/records.mjs'
import { session } from '../lib/session.mjs'

const run = session()
const unique = () => `${process.pid}-${Math.random().toString(36).slice(2, 8)}`
const sheet = (page) => page.locator('dialog[open]')

/** Chooses from a list in a sheet by typing. */
async function choose(page, label, text) {
  const box = sheet(page).getByRole('combobox', { name: label })
  await box.click()
  if (await box.isEditable()) await box.fill(text)
  await sheet(page).locator('.ant-select-item-option', { hasText: text }).first().click()
}

/** Somebody who won a deal this month before the last day, their team, another team, and the day to move on. */
async function somebody(page) {
  const { data: me } = await ask(page, '/me')
  const today = me.company.today
  const teams = (await ask(page, '/teams')).data.items
  for (const team of teams.filter(({ people }) => people > 2)) {
    const { data } = await ask(page, `/teams/${team.id}/attainment?metric=won_amount&period=${me.periods.month}`)
    const member = data.members.find(({ value, person, days }) => !days && value.value && Number(value.value) > 0 && !team.managers.some(({ id }) => id === person.id))
    const other = teams.find(({ id, people }) => id !== team.id && people > 2)
    if (member && other) return { person: member.person, team, other, today, month: me.periods.month, value: member.value.value, total: data.total.value.value }
  }
  throw new Error('nobody won anything this month')
}

const cents = (text) => BigInt((text ?? '0.00').replace('.', ''))

test('somebody moves team in mid-month: each team keeps its part, and undo makes it whole again', () => run.visit({ role: 'administrator', path: '/settings/members' }, async (page) => {
  await settled(page)
  const { person, team, other, today, month, value, total } = await somebody(page)
  await goTo(page, `/settings/members?q=${encodeURIComponent(person.name)}`)
  await page.getByRole('link', { name: person.name, exact: true }).first().click()
  await page.waitForURL(/\/settings\/members\/./)
  await page.getByRole('button', { name: '调动团队' }).click()
  await choose(page, '调入团队', other.name)
  await sheet(page).getByLabel('开始日期').fill(today)
  await sheet(page).getByRole('button', { name: '调动团队' }).click()
  await page.getByText(`已调入“${other.path}”`).waitFor()
  const attainment = async (id) => (await ask(page, `/teams/${id}/attainment?metric=won_amount&period=${month}`)).data
  const [before, after] = [await attainment(team.id), await attainment(other.id)]
  const row = (page) => page.members.find((member) => member.person.id === person.id)
  if (today.endsWith('-01')) assert.equal(row(before), undefined, 'on the first day of a month nothing is split')
  else {
    assert.equal(cents(row(before).value.value) + cents(row(after).value.value), cents(value), 'the two parts are the whole')
    await goTo(page, `/team?team=${team.id}&metric=won_amount`)
    await settled(page)
    const line = page.locator('main tbody tr', { hasText: person.name }).first()
    await line.getByText(`${month.slice(5)}-01 –`).waitFor()
  }
  const sum = before.members.reduce((all, member) => all + cents(member.value.value), 0n) + before.teams.reduce((all, one) => all + cents(one.value.value), 0n)
  assert.equal(sum, cents(before.total.value.value), 'the members add up to the team')

  await goTo(page, `/settings/members/${person.id}`)
  await page.getByRole('button', { name: `撤回到“${other.name}”的调动` }).click()
  await page.getByText('已撤回调动').first().waitFor()
  await eventually(async () => assert.equal((await attainment(team.id)).total.value.value, total))
}))

test('an administrator makes a user, who signs in with the password that was shown once', () => run.visit({ role: 'administrator', path: '/settings/users' }, async (page, context) => {
  await settled(page)
  const email = `e2e-${unique()}@example.com`
  await page.getByRole('button', { name: '新账号' }).click()
  await sheet(page).getByLabel('邮箱').fill(email)
  await sheet(page).getByRole('button', { name: '建立账号' }).click()
  await sheet(page).getByText('必填').waitFor()
  await sheet(page).getByLabel('姓名').fill('新来的运营')
  await choose(page, '角色', '销售运营')
  await sheet(page).getByRole('button', { name: '建立账号' }).click()
  const password = (await page.getByTestId('secret').locator('code').innerText()).trim()
  assert.match(password, /^\w{4}-\w{4}-\w{4}$/)
  await sheet(page).getByRole('button', { name: '已记下' }).click()
  await page.getByRole('button', { name: '新来的运营' }).first().waitFor()

  const other = await context.browser().newContext({ locale: 'zh-CN' })
  try {
    const own = await other.newPage()
    await own.goto(`${run.server.base}/sign-in`)
    const signIn = async (secret) => {
      await own.locator('#email').fill(email)
      await own.locator('#password').fill(secret)
      await own.keyboard.press('Enter')
    }
    await signIn(password)
    await own.locator('#current-password').fill(password)
    await own.locator('#new-password').fill('a password of my own')
    await own.locator('#again-password').fill('a password of my own')
    await own.keyboard.press('Enter')
    // A changed password ends every session, this one included.
    await own.locator('#email').waitFor()
    await signIn('a password of my own')
    await own.waitForURL((url) => url.pathname !== '/sign-in')
    assert.equal((await ask(own, '/me')).data.role, 'operations')
  } finally {
    await other.close()
  }

  // Whoever reads the log finds who made it, and what it was.
  await goTo(page, `/settings/audit?record_type=user&text=${encodeURIComponent(email)}`)
  const entry = page.locator('main tbody tr', { hasText: '新建' }).first()
  await entry.getByRole('button').click()
  await sheet(page).getByText('销售运营').or(sheet(page).getByText('operations')).first().waitFor()
  await sheet(page).getByText(email).waitFor()
}))

test('a person leaves: what remains is counted, and undo brings them back', () => run.visit({ role: 'administrator', path: '/settings/members' }, async (page) => {
  await settled(page)
  const { person } = await somebody(page)
  await goTo(page, `/settings/members/${person.id}`)
  await page.getByRole('button', { name: '办理离职' }).click()
  await sheet(page).getByText('名下还有').waitFor()
  await sheet(page).getByRole('button', { name: '办理离职' }).click()
  await page.getByRole('button', { name: '撤回离职' }).waitFor()
  await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
  await page.getByRole('button', { name: '办理离职' }).waitFor()
  assert.equal((await ask(page, `/people/${person.id}`)).data.end_date, null)
}))

test('a holiday is set by keyboard and taken back', () => run.visit({ role: 'administrator', path: '/settings/calendar?year=2031' }, async (page) => {
  await settled(page)
  const day = (date) => page.locator(`[data-date="${date}"]`)
  await day('2031-01-01').focus()
  await page.keyboard.press('ArrowDown')
  await eventually(async () => assert.ok(await day('2031-01-08').evaluate((button) => button === document.activeElement)))
  await page.keyboard.press('Enter')
  await choose(page, '这一天是', '节假日')
  await sheet(page).getByLabel('说明').fill('周年庆')
  await page.keyboard.press('Enter')
  await eventually(async () => assert.equal(await day('2031-01-08').getAttribute('data-kind'), 'holiday'))
  await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
  await eventually(async () => assert.equal(await day('2031-01-08').getAttribute('data-kind'), 'plain'))
}))

test('on the phone the settings are a list that leads to its sections and back', () => run.visit({ role: 'administrator', width: 390, path: '/settings' }, async (page) => {
  await settled(page)
  await page.locator('main').getByRole('link', { name: '团队', exact: true }).click()
  await page.waitForURL(/\/settings\/teams$/)
  await settled(page)
  await page.goBack()
  await page.waitForURL(/\/settings$/)
  await page.getByRole('link', { name: '审计日志' }).waitFor()
}))

test('a rep finds no settings of the company, not even by address', () => run.visit({ role: 'rep', path: '/settings/company' }, async (page) => {
  await settled(page)
  assert.equal(await page.locator('nav a[href="/settings/members"]').count(), 0)
  await eventually(async () => assert.equal(await page.locator('main input').count(), 0))
}))
