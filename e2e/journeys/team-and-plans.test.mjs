import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { eventually } from '../lib/eventually.mjs'
import { session } from '../lib/session.mjs'

const run = session()

test('a manager sees who is behind first, and why', () => run.visit({ role: 'manager', path: '/team' }, async (page) => {
  await settled(page)
  const rows = page.locator('main tbody tr')
  await rows.first().locator('[data-why]').first().click()
  await page.getByTestId('drawer').locator('h3').first().waitFor()
}))

test('a manager chooses another metric and the address keeps it', () => run.visit({ role: 'manager', path: '/team?metric=payment_amount' }, async (page) => {
  await settled(page)
  await eventually(async () => assert.match(await page.locator('main').innerText(), /回款金额/))
}))

test('a rep has no team page in the menu', () => run.visit({ role: 'rep', path: '/' }, async (page) => {
  await page.waitForURL(/\/desk/)
  await settled(page)
  assert.equal(await page.locator('nav a[href="/team"]').count(), 0)
}))

test('operations reads a plan clause by clause', () => run.visit({ role: 'operations', path: '/plans' }, async (page) => {
  await settled(page)
  await page.locator('main a[href^="/plans/"]').first().click()
  await page.waitForURL(/\/plans\/./)
  await settled(page)
  const clauses = page.locator('main ol button')
  await eventually(async () => assert.ok(await clauses.count() >= 3))
  await clauses.last().click()
  await page.waitForURL(/[?&]clause=/)
  await eventually(async () => assert.equal(await clauses.last().getAttribute('aria-pressed'), 'true'))
}))

test('a metric leads from its value to the record', () => run.visit({ role: 'manager', path: '/metrics' }, async (page) => {
  await settled(page)
  await page.locator('main a[href="/metrics/won_amount"]').click()
  await settled(page)
  const fact = page.locator('main [role="row"] button').first()
  await fact.click()
  await page.getByTestId('drawer').locator('dl').first().waitFor()
}))

test('Ctrl-K finds a person by keyboard alone', () => run.visit({ role: 'manager', path: '/metrics' }, async (page) => {
  await settled(page)
  const name = await page.evaluate(async () => (await (await fetch('/api/v1/people?limit=5')).json()).items[1].name)
  await page.keyboard.press('Control+k')
  await page.locator('dialog[open] input').waitFor()
  await page.keyboard.type(name)
  await page.locator('dialog [role="option"]', { hasText: name }).first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/pay|subject=person/)
}))

test('Ctrl-K switches the theme', () => run.visit({ role: 'manager', path: '/metrics' }, async (page) => {
  await settled(page)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('切换到深色')
  await page.locator('dialog [role="option"]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark')
}))
