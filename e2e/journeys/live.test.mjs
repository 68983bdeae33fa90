import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../lib/browser.mjs'
import { session } from '../lib/session.mjs'
import { bookForRep } from '../lib/booking.mjs'

const run = session()

test('a deal that an import wins moves the estimate of who is looking at it', () => run.visit({ role: 'rep', path: '/pay' }, async (page) => {
  await settled(page)
  const figure = page.getByTestId('big-figure')
  const before = await figure.innerText()
  const started = performance.now()
  await bookForRep(run.server, page)
  await page.waitForFunction((old) => document.querySelector('[data-testid="big-figure"]')?.textContent !== old, before.replace(/\s/g, ''), { timeout: 10_000 })
  const took = performance.now() - started
  const toast = page.getByRole('status').locator('li')
  await toast.first().waitFor()
  assert.match(await toast.first().innerText(), /\+/)
  console.log(`booked to seen: ${took.toFixed(0)} ms`)
}))
