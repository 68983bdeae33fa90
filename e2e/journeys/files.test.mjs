import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { eventually } from '../lib/eventually.mjs'
import { ask, field, form, formOpen, goTo, newest } from '../lib/records.mjs'
import { session } from '../lib/session.mjs'

const run = session()
/** The smallest picture there is. */
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

test('a visit is logged with place and photo', () => run.visit({ role: 'rep', width: 390, path: '/pay' }, async (page, context) => {
  await settled(page)
  await context.grantPermissions(['geolocation'])
  await context.setGeolocation({ latitude: 31.230416, longitude: 121.473701, accuracy: 12 })
  const deal = (await ask(page, '/opportunities?status=open&limit=1')).data.items[0]
  await goTo(page, `/pay?new=activity&opportunity_id=${deal.id}`)
  await formOpen(page)
  await field(page, 'kind').getByText('拜访').click()
  await field(page, 'outcome').getByRole('button', { name: '认可方案' }).click()
  assert.equal(await page.getByTestId('located').count(), 0, 'nothing is looked up without a tap')
  await form(page).getByRole('button', { name: '附上当前位置' }).click()
  await page.getByTestId('located').waitFor()
  await page.getByTestId('camera').setInputFiles({ name: '现场.png', mimeType: 'image/png', buffer: PIXEL })
  await form(page).getByText('现场.png').waitFor()
  await form(page).getByRole('button', { name: /^保存/ }).click()
  await form(page).waitFor({ state: 'detached' })
  const logged = await newest(page, 'activities')
  assert.deepEqual([logged.latitude, logged.longitude, logged.accuracy_m], ['31.230416', '121.473701', 12])
  await eventually(async () => assert.equal((await ask(page, `/records/activity/${logged.id}/attachments`)).data.items.length, 1))
  // In the timeline of the deal as a picture, and on the visit's own page, where it goes and comes back.
  await goTo(page, `/records/opportunity/${deal.id}`)
  const picture = page.getByTestId('timeline').getByRole('img', { name: '现场.png' }).first()
  await picture.scrollIntoViewIfNeeded()
  await eventually(async () => assert.equal(await picture.evaluate((image) => image.naturalWidth), 1))
  await goTo(page, `/records/activity/${logged.id}`)
  const files = page.getByTestId('attachments')
  await files.getByRole('button', { name: '移除 现场.png' }).click()
  await page.getByRole('button', { name: '撤销' }).click()
  await files.getByRole('img', { name: '现场.png' }).waitFor()
}))

test('who does not say where they are logs the visit all the same', () => run.visit({ role: 'rep', width: 390, path: '/pay?new=activity' }, async (page, context) => {
  await context.clearPermissions()
  await formOpen(page)
  await field(page, 'kind').getByText('拜访').click()
  await field(page, 'outcome').getByRole('button', { name: '认可方案' }).click()
  await form(page).getByRole('button', { name: '附上当前位置' }).click()
  await form(page).getByRole('alert').waitFor()
  await form(page).getByRole('button', { name: /^保存/ }).click()
  await form(page).waitFor({ state: 'detached' })
  assert.equal((await newest(page, 'activities')).latitude, null)
}))
