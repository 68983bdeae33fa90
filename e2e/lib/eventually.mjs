const PATIENCE = 15_000
const STEP = 50

/**
 * Waits until `check` no longer throws; what it threw last is the failure. A page answers an event in its own time: what
 * follows a click or a key is asserted with this, never at once.
 */
export async function eventually(check) {
  const end = performance.now() + PATIENCE
  for (;;) {
    try {
      return await check()
    } catch (problem) {
      if (performance.now() > end) throw problem
    }
    await new Promise((done) => { setTimeout(done, STEP) })
  }
}
