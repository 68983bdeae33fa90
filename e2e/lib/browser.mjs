import { chromium } from 'playwright-core'

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })

export const WIDTHS = { 1440: { width: 1440, height: 900 }, 1200: { width: 1200, height: 750 }, 390: { width: 390, height: 844 } }

/** Signed-in cookies by role: one sign-in per role and server, since sign-in is slowed down on purpose. */
const cookies = new Map()

async function cookiesOf(server, role) {
  const key = `${server.base} ${role}`
  if (!cookies.has(key)) {
    const answer = await fetch(`${server.base}/api/v1/session`, {
      method: 'POST', headers: { 'content-type': 'application/json', origin: server.base, 'idempotency-key': `e2e-${role}-${Math.random()}` }, body: JSON.stringify(server.signIns[role]),
    })
    if (!answer.ok) throw new Error(`sign-in as ${role}: ${answer.status} ${await answer.text()}`)
    cookies.set(key, answer.headers.getSetCookie().map((line) => {
      const [name, ...value] = line.split(';')[0].split('=')
      return { name, value: value.join('='), url: server.base }
    }))
  }
  return cookies.get(key)
}

/** The session of a role as the header of a program's own request. */
export const cookieOf = async (server, role) => (await cookiesOf(server, role)).map(({ name, value }) => `${name}=${value}`).join('; ')

/** A page of a signed-in person. `problems` collects what a page must never have: errors and refused styles or scripts. */
export async function open(browser, server, { role, width = 1440, locale = 'zh-CN', theme = 'light', path = '/' } = {}) {
  const context = await browser.newContext({
    viewport: WIDTHS[width], locale, colorScheme: theme, deviceScaleFactor: 1, reducedMotion: 'reduce',
    hasTouch: width < 720, isMobile: width < 720,
  })
  await context.addInitScript(([language, mode]) => {
    localStorage.setItem('qiao.locale', language)
    localStorage.setItem('qiao.theme', mode)
  }, [locale, theme])
  if (role) {
    await context.addCookies(await cookiesOf(server, role))
    await context.request.patch(`${server.base}/api/v1/me`, { data: { locale }, headers: { origin: server.base } })
  }
  const page = await context.newPage()
  const problems = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => { if (message.type() === 'error' && !/status of (400|401|403|404|409|412|422|429)/.test(message.text())) problems.push(message.text()) })
  await page.goto(server.base + path)
  return { page, context, problems, close: () => context.close() }
}

/** Waits until nothing is loading. */
export async function settled(page) {
  await page.waitForLoadState('domcontentloaded')
  await page.waitForFunction(() => document.querySelector('h1') && !document.querySelector('[role="status"][aria-label]'), null, { timeout: 15_000 })
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.waitForTimeout(150)
}
