/** Every screen there is: who sees it, where it is, and what has to be done before it can be looked at. */
export const SCREENS = [
  { name: 'sign-in', role: null, path: '/sign-in' },
  { name: 'my-pay', role: 'rep', path: '/pay' },
  { name: 'my-pay-why', role: 'rep', path: '/pay', act: openFirstWhy },
  { name: 'my-pay-empty', role: 'rep', path: '/pay?period=2001-01' },
  { name: 'pay-of-member', role: 'director', path: '/team', act: openFirstMemberPay },
  { name: 'team', role: 'manager', path: '/team' },
  { name: 'team-company', role: 'director', path: '/team' },
  { name: 'metrics', role: 'manager', path: '/metrics' },
  { name: 'metric', role: 'manager', path: '/metrics/won_amount' },
  { name: 'plans', role: 'operations', path: '/plans' },
  { name: 'plan', role: 'operations', path: '/plans', act: openFirstPlan },
  { name: 'record', role: 'rep', path: '/pay', act: openFirstRecord },
  { name: 'settings', role: 'rep', path: '/settings' },
  { name: 'palette', role: 'manager', path: '/metrics', act: openPalette },
  { name: 'not-found', role: 'rep', path: '/nothing-here' },
]

const wide = (page) => page.viewportSize().width > 719

export async function openFirstWhy(page) {
  const line = wide(page) ? page.locator('main tbody [data-why]').first() : page.locator('main li > button').first()
  await line.click()
  await page.getByTestId('drawer').locator('section').first().waitFor()
}

export async function openFirstRecord(page) {
  await openFirstWhy(page)
  await page.getByTestId('drawer').locator('section').last().locator('button').first().click()
  await page.getByTestId('drawer').locator('dl').first().waitFor()
  await page.getByTestId('drawer').locator('a[href^="/records/"]').first().click()
  await page.waitForURL(/\/records\//)
}

async function openFirstMemberPay(page) {
  // Down to a team whose members have targets, then to one of them.
  await page.locator('main a[href^="/team?"]:not([data-why])').first().click()
  await page.waitForURL(/[?&]team=/)
  await page.locator('main a[href^="/pay/"]').nth(1).waitFor()
  const member = await page.locator('main a[href^="/pay/"]').first().getAttribute('href')
  await page.goto(new URL(member ?? '/pay', page.url()).href)
  await page.waitForURL(/\/pay\//)
}

async function openFirstPlan(page) {
  await page.locator('main a[href^="/plans/"]').first().click()
  await page.waitForURL(/\/plans\/./)
}

async function openPalette(page) {
  await page.keyboard.press('Control+k')
  await page.locator('dialog[open]').waitFor()
}
