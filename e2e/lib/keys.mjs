/** A person without a mouse: everything here is a key. */
import { settled } from './browser.mjs'

/** As many stops of Tab as a person would bear on the way to a control of a page. */
const MOST_STOPS = 90

const has = (target) => target.evaluate((element) => element === document.activeElement || (element.contains(document.activeElement) && !element.matches('main, form, section, li, tr, dialog')))

/** Goes to a control by Tab, or back by Shift-Tab; fails where no number of stops gets there. */
export async function tabTo(page, target, key = 'Tab') {
  const one = target.first()
  await one.waitFor({ state: 'attached' })
  const stops = []
  for (let count = 0; count < MOST_STOPS; count += 1) {
    if (await has(one)) return
    await page.keyboard.press(key)
    stops.push(await page.evaluate(() => (document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim().slice(0, 20)))
  }
  throw new Error(`${key} does not come to ${target}; it stops at ${stops.slice(0, 40).join(' | ')}`)
}

/** Goes to a control and presses Enter. */
export async function press(page, target, key) {
  await tabTo(page, target, key)
  await page.keyboard.press('Enter')
}

/** Goes to a field and types over what is in it. */
export async function typeInto(page, target, text) {
  await tabTo(page, target)
  await page.keyboard.press('Control+a')
  await page.keyboard.type(text)
}

/** Goes to a choice, types a part of what is wanted where it can be searched, and takes it. */
export async function choose(page, target, text, { search = true } = {}) {
  await tabTo(page, target)
  const option = page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: text }).first()
  if (search) await page.keyboard.type(text)
  else await page.keyboard.press('ArrowDown')
  await option.waitFor()
  for (let count = 0; count < 40; count += 1) {
    if (await option.evaluate((element) => element.classList.contains('ant-select-item-option-active'))) break
    await page.keyboard.press('ArrowDown')
  }
  await page.keyboard.press('Enter')
}

/** A page or a command by the palette. */
export async function command(page, text) {
  await page.keyboard.press('Control+k')
  await page.locator('dialog[open] input').waitFor()
  await page.keyboard.type(text)
  await page.locator('dialog[open] [role="option"]', { hasText: text }).first().waitFor()
  await page.keyboard.press('Enter')
  await page.locator('dialog[open] [role="option"]').first().waitFor({ state: 'detached' })
}

/** Signs in as a role. */
export async function signIn(page, { email, password }) {
  await typeInto(page, page.locator('#email'), email)
  await typeInto(page, page.locator('#password'), password)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  await settled(page)
}
