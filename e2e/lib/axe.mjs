import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

// Without its value, which would be sent back.
const source = `${readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')};0`
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** The serious and critical findings of axe on the page, one line each. Rules that can only find lesser things are not run. */
export async function findings(page) {
  // Evaluated by the browser's debugger, so the page's content security policy stays as it is.
  await page.evaluate(source)
  const violations = await page.evaluate(async (tags) => {
    const { axe } = globalThis
    // `getRules` says no impact: the rules themselves do.
    const lesser = new Set(axe._audit.rules.filter(({ impact }) => impact === 'moderate' || impact === 'minor').map(({ id }) => id))
    const rules = Object.fromEntries([...lesser].map((id) => [id, { enabled: false }]))
    return (await axe.run(document, { runOnly: tags, rules, resultTypes: ['violations'] })).violations
  }, TAGS)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) => nodes.slice(0, 3).map((node) => `${impact} ${id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`))
}
