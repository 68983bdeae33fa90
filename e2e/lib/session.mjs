import { after, before } from 'node:test'
import { launch, open } from './browser.mjs'
import { startServer } from './server.mjs'

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
    /** Opens a page, runs the body and closes it; console errors and refused styles fail the test. */
    async visit(options, body) {
      const seen = await open(shared.browser, shared.server, options)
      try {
        await body(seen.page, seen.context)
        if (seen.problems.length > 0) throw new Error(`the page complained: ${seen.problems.join('; ')}`)
      } finally {
        await seen.close()
      }
    },
  }
}
