import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { eventually } from '../lib/eventually.mjs'
import { session } from '../lib/session.mjs'

const run = session()

const stage = (page, at) => page.locator('main [data-stage]').nth(at)
const cardsIn = (page, at) => stage(page, at).locator('[data-card]')
const toast = (page) => page.getByRole('status').locator('li')
const stageOf = (page, card) => page.evaluate(async (id) => (await (await fetch(`/api/v1/opportunities/${id}`)).json()).stage_id, card)
const countOf = async (page, at) => Number((await stage(page, at).locator('h2 span').innerText()).replaceAll(',', ''))

/** The first deal of a column, and the ids of it and of the columns. */
async function pick(page, column) {
  await settled(page)
  const card = cardsIn(page, column).first()
  await card.waitFor()
  return { card, id: await card.getAttribute('data-card'), stages: await page.locator('main [data-stage]').evaluateAll((all) => all.map((one) => one.dataset.stage)) }
}

async function drag(page, card, to) {
  await card.scrollIntoViewIfNeeded()
  const [from, target] = [await card.boundingBox(), await to.boundingBox()]
  await page.mouse.move(from.x + 60, from.y + 30)
  await page.mouse.down()
  await page.mouse.move(from.x + 90, from.y + 40, { steps: 3 })
  await page.mouse.move(target.x + target.width / 2, target.y + 120, { steps: 8 })
  await page.mouse.up()
}

test('a drag moves a deal at once and for good; undo takes it back', () => run.visit({ role: 'manager', path: '/opportunities' }, async (page) => {
  const { card, id, stages } = await pick(page, 0)
  const [first, second] = [await countOf(page, 0), await countOf(page, 1)]
  await drag(page, card, stage(page, 1))
  await stage(page, 1).locator(`[data-card="${id}"]`).waitFor()
  assert.deepEqual([await countOf(page, 0), await countOf(page, 1)], [first - 1, second + 1])
  await eventually(async () => assert.equal(await stageOf(page, id), stages[1]))
  await toast(page).getByRole('button', { name: '撤销' }).click()
  await stage(page, 0).locator(`[data-card="${id}"]`).waitFor()
  await eventually(async () => assert.equal(await stageOf(page, id), stages[0]))
  await eventually(async () => assert.deepEqual([await countOf(page, 0), await countOf(page, 1)], [first, second]))
}))

test('an answer that was asked for before the undo does not put the deal back', () => run.visit({ role: 'manager', path: '/opportunities' }, async (page) => {
  const { id, stages } = await pick(page, 0)
  await settled(page)
  const board = { seen: 0, undone: false, release: () => undefined }
  const held = new Promise((done) => { board.release = done })
  await page.route(/\/api\/v1\/.*board/, async (route) => {
    if (board.undone) return route.continue()
    board.seen += 1
    const answer = await route.fetch()
    await held
    return route.fulfill({ response: answer }).catch(() => undefined)
  })
  await page.locator(`[data-card="${id}"] > button`).focus()
  await page.keyboard.press(']')
  await toast(page).getByRole('button', { name: '撤销' }).waitFor()
  await eventually(() => assert.ok(board.seen > 0))
  const wrong = page.evaluate(([card, column]) => new Promise((done) => {
    const watch = new MutationObserver(() => { if (document.querySelector(`main [data-stage="${column}"] [data-card="${card}"]`)) done(true) })
    setTimeout(() => { watch.observe(document.querySelector('main'), { childList: true, subtree: true }) }, 300)
    setTimeout(() => done(false), 1500)
  }), [id, stages[1]])
  board.undone = true
  await page.keyboard.press('Control+z')
  await stage(page, 0).locator(`[data-card="${id}"]`).waitFor()
  setTimeout(board.release, 500)
  assert.equal(await wrong, false, 'the deal went where it had been taken back from')
  await eventually(async () => assert.equal(await stageOf(page, id), stages[0]))
}))

test('[ and ] move the deal under the focus, which goes with it', () => run.visit({ role: 'manager', path: '/opportunities' }, async (page) => {
  const { id, stages } = await pick(page, 0)
  const moved = page.locator(`[data-card="${id}"] > button`)
  const focused = () => moved.evaluate((element) => element === document.activeElement)
  await moved.focus()
  for (const [key, at] of [[']', 1], ['Alt+ArrowRight', 2], ['[', 1], ['Alt+ArrowLeft', 0]]) {
    await page.keyboard.press(key)
    await stage(page, at).locator(`[data-card="${id}"]`).waitFor()
    await eventually(async () => assert.ok(await focused(), `${key} keeps the focus`))
  }
  await eventually(async () => assert.equal(await stageOf(page, id), stages[0]))
  // In the order of the board it is now the one that came last: the arrow up goes to the one before.
  await eventually(async () => assert.equal(await cardsIn(page, 0).last().getAttribute('data-card'), id))
  const above = await cardsIn(page, 0).nth(-2).getAttribute('data-card')
  await page.keyboard.press('ArrowUp')
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.closest('[data-card]')?.dataset.card), above))
}))

test('somebody was quicker: the card goes back and says so', () => run.visit({ role: 'manager', path: '/opportunities' }, async (page) => {
  const { card, id, stages } = await pick(page, 0)
  // As if the deal had been changed since it was drawn: the server itself refuses the version.
  await page.route('**/api/v1/opportunities/*', async (route) => {
    if (route.request().method() === 'PATCH') await route.continue({ headers: { ...route.request().headers(), 'if-match': '"0"' } })
    else await route.continue()
  })
  await drag(page, card, stage(page, 1))
  await eventually(async () => assert.match(await toast(page).first().innerText(), /没有移动.*别人刚改过/s))
  await stage(page, 0).locator(`[data-card="${id}"]`).waitFor()
  assert.equal(await stageOf(page, id), stages[0])
}))

test('a lost deal says why first; Esc leaves it where it was', () => run.visit({ role: 'manager', path: '/opportunities' }, async (page) => {
  const { card, id, stages } = await pick(page, 1)
  const last = stages.length - 1
  await drag(page, card, stage(page, last))
  await page.locator('dialog[open] #lost-reason').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  assert.equal(await stageOf(page, id), stages[1])
  await drag(page, cardsIn(page, 1).first(), stage(page, last))
  await page.locator('#lost-reason').fill('价格')
  await page.keyboard.press('Enter')
  await stage(page, last).locator(`[data-card="${id}"]`).waitFor()
  await eventually(async () => assert.equal(await stageOf(page, id), stages[last]))
  await toast(page).getByRole('button', { name: '撤销' }).click()
  await eventually(async () => assert.deepEqual(await page.evaluate(async (deal) => { const { stage_id, lost_reason, closed_on } = await (await fetch(`/api/v1/opportunities/${deal}`)).json(); return [stage_id, lost_reason, closed_on] }, id), [stages[1], null, null]))
}))

test('on the phone a deal moves by the sheet', () => run.visit({ role: 'rep', path: '/opportunities', width: 390 }, async (page) => {
  await settled(page)
  const card = page.locator('main [data-card]').first()
  await card.waitFor()
  const id = await card.getAttribute('data-card')
  const before = await stageOf(page, id)
  await card.locator('button').nth(1).click()
  const target = page.locator('dialog[open] li button:not([disabled])').first()
  const name = await target.innerText()
  await target.click()
  await eventually(async () => assert.notEqual(await stageOf(page, id), before))
  await page.getByRole('group', { name: '阶段' }).getByRole('button', { name }).click()
  await page.locator(`[data-card="${id}"]`).waitFor()
  await toast(page).getByRole('button', { name: '撤销' }).click()
  await eventually(async () => assert.equal(await stageOf(page, id), before))
}))
