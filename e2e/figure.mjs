// The big figure of a page, as a signed-in person sees it: figure.mjs BASE EMAIL PASSWORD PATH
import { launch, open, settled } from './lib/browser.mjs'

const [base, email, password, path] = process.argv.slice(2)
const browser = await launch()
try {
  const { page, problems } = await open(browser, { base, signIns: { asker: { email, password } } }, { role: 'asker', locale: 'en', path })
  await settled(page)
  const figure = page.locator('main').getByTestId('big-figure')
  await figure.waitFor()
  console.log((await figure.innerText()).replace(/\s/g, ''))
  if (problems.length > 0) throw new Error(problems.join('; '))
} finally {
  await browser.close()
}
