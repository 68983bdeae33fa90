import { after, before } from 'node:test'
import { launch, open } from './browser.mjs'
import { startServer } from './server.mjs'

const complain = (problems) => {
  if (problems.length > 0) throw new Error(`the page complained: ${problems.join('; ')}`)
}

/** What a person would have seen where a journey failed: the address, what has the focus, and what the page says of its own accord. */
async function explained(problem, page) {
  const seen = await page.evaluate(() => ({
    at: location.pathname + location.search,
    focus: document.activeElement?.outerHTML.slice(0, 200),
    said: [...document.querySelectorAll('[role="status"], [role="alert"]')].map((one) => one.innerText.trim()).filter(Boolean),
  })).catch(() => null)
  if (seen && problem instanceof Error) problem.message += `\n  ${JSON.stringify(seen)}`
  return problem
}

/** A page that stays open from one visit of the same person in the same look to the next: what it loaded is there already. */
function keptPage(shared, look) {
  let seen = null
  const close = async () => { await seen?.close(); seen = null }
  const openAt = async (path) => {
    if (!seen) {
      seen = await open(shared.browser, shared.server, { ...look, path })
      seen.page.on('dialog', (dialog) => dialog.accept())
      return
    }
    await seen.page.evaluate(() => { localStorage.clear(); sessionStorage.clear() })
    await seen.page.goto('about:blank')
    // What the page before said while it went away is not the next one's.
    seen.problems.length = 0
    await seen.page.goto(shared.server.base + path)
  }
  return {
    async visit(path, body) {
      try {
        await openAt(path)
        await body(seen.page, seen.context)
        complain(seen.problems)
      } catch (problem) {
        const known = seen ? await explained(problem, seen.page) : problem
        await close()
        throw known
      }
    },
    close,
  }
}

/** A server and a browser for the tests of a file. */
export function session() {
  const shared = {}
  before(async () => {
    shared.server = await startServer()
    shared.browser = await launch()
  })
  after(async () => {
    await shared.browser?.close()
    await shared.server?.stop()
  })
  return {
    get server() { return shared.server },
    /** One page for many visits: `visit(path, body)`, at the end `close()`. */
    keep: (look) => keptPage(shared, look),
    /** Opens a page, runs the body and closes it; console errors and refused styles fail the test. */
    async visit(options, body) {
      const seen = await open(shared.browser, shared.server, options)
      try {
        await body(seen.page, seen.context)
        complain(seen.problems)
      } catch (problem) {
        throw await explained(problem, seen.page)
      } finally {
        await seen.close()
      }
    },
  }
}
