/** What journeys need of records: asked and written by the API as the person who looks at the page. */

/** A request of the page's own person. */
export const ask = (page, path, options = {}) => page.evaluate(async ([address, { method = 'GET', body, etag }]) => {
  const answer = await fetch(`/api/v1${address}`, { method, headers: { 'content-type': 'application/json', ...(etag ? { 'if-match': etag } : {}) }, body: body && JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status} ${text}`)
  return { data: text ? JSON.parse(text) : null, etag: answer.headers.get('etag') }
}, [path, options])

/** A new record of the page's own person. */
export const make = async (page, list, body) => (await ask(page, `/${list}`, { method: 'POST', body })).data

/** The newest record of a list. */
export async function newest(page, list, filter = '') {
  const { data } = await ask(page, `/${list}?limit=1&${filter}`)
  if (!data.items[0]) throw new Error(`no ${list}`)
  return data.items[0]
}

/** A change by another program, over whatever the page has open. */
export async function change(page, list, id, body) {
  const { etag } = await ask(page, `/${list}/${id}`)
  await ask(page, `/${list}/${id}`, { method: 'PATCH', body, etag })
}

export const form = (page) => page.getByTestId('form')
export const field = (page, key) => form(page).locator(`[data-field="${key}"]`)
export const input = (page, key) => field(page, key).locator('input:not([type="radio"]), textarea').first()

/** Opens an address of the product in the page that is there, as a link would. */
export async function goTo(page, path) {
  await page.goto(new URL(path, page.url()).href)
}

/** Waits for a form that can be typed into. */
export const formOpen = (page) => form(page).locator('form [data-field]').first().waitFor()
