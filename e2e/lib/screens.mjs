import { ask, change, make, newest } from './records.mjs'

/**
 * Every screen there is: who sees it, where it is, and what has to be done before it can be looked at.
 */
export const SCREENS = [
  { name: 'sign-in', role: null, path: '/sign-in' },
  { name: 'desk-rep', role: 'rep', path: '/desk' },
  { name: 'desk-done', role: 'rep', path: '/desk', act: openDone },
  { name: 'desk-worth-why', role: 'rep', path: '/desk', act: (page) => openWhy(page, '/desk/explanation') },
  { name: 'desk-team', role: 'manager', path: '/desk' },
  { name: 'desk-mine', role: 'manager', path: '/desk?view=mine' },
  { name: 'desk-region', role: 'director', path: '/desk' },
  { name: 'desk-finance', role: 'finance', path: '/desk' },
  { name: 'desk-administrator', role: 'administrator', path: '/desk' },
  { name: 'inbox', role: 'rep', path: '/inbox?show=all', act: someMessages },
  { name: 'inbox-empty', role: 'auditor', path: '/inbox' },
  { name: 'comment-mention', role: 'rep', path: '/pay', act: openMention },
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
  { name: 'plan-attainment', role: 'operations', path: '/plans', act: openAttainmentCurve },
  { name: 'record', role: 'rep', path: '/pay', act: openFirstRecord },
  { name: 'record-contract', role: 'rep', path: '/pay', act: (page) => openRecordOf(page, 'contracts', 'contract') },
  { name: 'record-payment', role: 'rep', path: '/pay', act: (page) => openRecordOf(page, 'payments', 'payment') },
  { name: 'record-refund', role: 'director', path: '/team', act: (page) => openRecordOf(page, 'payments', 'payment', 'kind=refund') },
  { name: 'record-account', role: 'rep', path: '/pay', act: (page) => openRecordOf(page, 'accounts', 'account') },
  { name: 'record-contact', role: 'rep', path: '/pay', act: (page) => openRecordOf(page, 'contacts', 'contact') },
  { name: 'record-lead', role: 'rep', path: '/pay', act: (page) => openRecordOf(page, 'leads', 'lead') },
  { name: 'record-opportunity', role: 'rep', path: '/pay', act: (page) => openRecordOf(page, 'opportunities', 'opportunity') },
  { name: 'record-activity', role: 'rep', path: '/pay', act: (page) => openRecordOf(page, 'activities', 'activity') },
  { name: 'record-invoice', role: 'finance', path: '/settings', act: (page) => openRecordOf(page, 'invoices', 'invoice') },
  { name: 'record-order', role: 'rep', path: '/pay', act: (page) => openRecordOf(page, 'orders', 'sales_order') },
  { name: 'record-delivery', role: 'rep', path: '/pay', act: (page) => openRecordOf(page, 'deliveries', 'delivery') },
  { name: 'record-timeline', role: 'rep', path: '/pay', act: openTimeline },
  { name: 'record-archived', role: 'rep', path: '/pay', act: openArchived },
  { name: 'form-lead', role: 'rep', path: '/pay?new=lead', act: formReady },
  { name: 'form-account', role: 'rep', path: '/pay?new=account', act: formReady },
  { name: 'form-contact', role: 'rep', path: '/pay?new=contact', act: formReady },
  { name: 'form-opportunity', role: 'rep', path: '/pay?new=opportunity', act: formReady },
  { name: 'form-activity', role: 'rep', path: '/pay?new=activity', act: formReady },
  { name: 'form-payment', role: 'finance', path: '/settings?new=payment', act: formReady },
  { name: 'form-contract', role: 'rep', path: '/pay', act: (page) => openFormOf(page, 'contracts', 'edit=contract:', 'status=signed') },
  { name: 'form-opportunity-edit', role: 'rep', path: '/pay', act: (page) => openFormOf(page, 'opportunities', 'edit=opportunity:', 'status=open') },
  { name: 'form-convert', role: 'rep', path: '/pay', act: (page) => openFormOf(page, 'leads', 'convert=', 'status=working') },
  { name: 'form-wrong', role: 'rep', path: '/pay?new=contract', act: openWrong },
  { name: 'form-conflict', role: 'rep', path: '/pay', act: openConflict },
  { name: 'attainment-why', role: 'manager', path: '/team', act: openAttainment },
  { name: 'estimate-why', role: 'rep', path: '/pay', act: openTotal },
  { name: 'tier-why', role: 'rep', path: '/pay', act: openTier },
  { name: 'target-why', role: 'manager', path: '/team', act: openTarget },
  { name: 'record-why', role: 'rep', path: '/pay', act: openWhyRecord },
  { name: 'pace-why', role: 'manager', path: '/team', act: openPace },
  { name: 'leads', role: 'rep', path: '/leads', act: firstRow },
  { name: 'leads-filters', role: 'manager', path: '/leads', act: openFilters },
  { name: 'leads-nothing', role: 'rep', path: '/leads?text=%E6%97%A0%E6%AD%A4%E4%BA%BA' },
  { name: 'accounts', role: 'manager', path: '/accounts', act: firstRow },
  { name: 'contacts', role: 'rep', path: '/contacts', act: firstRow },
  { name: 'activities', role: 'manager', path: '/activities', act: firstRow },
  { name: 'opportunities', role: 'director', path: '/opportunities?view=list&sort=-amount&status=open', act: firstRow },
  { name: 'opportunities-chosen', role: 'manager', path: '/opportunities?view=list', act: chooseRows },
  { name: 'contracts', role: 'finance', path: '/contracts', act: firstRow },
  { name: 'payments', role: 'finance', path: '/contracts?tab=payments', act: firstRow },
  { name: 'invoices', role: 'finance', path: '/contracts?tab=invoices', act: firstRow },
  { name: 'orders', role: 'rep', path: '/contracts?tab=orders', act: firstRow },
  { name: 'deliveries', role: 'rep', path: '/contracts?tab=deliveries', act: firstRow },
  { name: 'deliveries-empty', role: 'rep', path: '/contracts?tab=deliveries&delivered_to=2001-01-01' },
  { name: 'form-invoice', role: 'finance', path: '/contracts?tab=invoices&new=invoice', act: formReady },
  { name: 'form-order', role: 'rep', path: '/contracts?tab=orders&new=sales_order', act: formReady },
  { name: 'form-delivery', role: 'rep', path: '/contracts?tab=deliveries&new=delivery', act: formReady },
  { name: 'form-capture', role: 'rep', path: '/leads?new=lead', act: openCapture },
  { name: 'form-capture-table', role: 'operations', path: '/leads?new=lead', act: (page) => openCapture(page, 'a\tb\n1\t2\n3\t4') },
  { name: 'desk-pins', role: 'rep', path: '/desk', act: pinSome },
  { name: 'imports', role: 'administrator', path: '/settings/imports' },
  { name: 'import-match', role: 'operations', path: '/settings/imports', act: (page) => importTo(page, 'mapping') },
  { name: 'import-preview', role: 'operations', path: '/settings/imports', act: (page) => importTo(page, 'checked') },
  { name: 'import-result', role: 'operations', path: '/settings/imports', act: (page) => importTo(page, 'done') },
  { name: 'activity-files', role: 'rep', path: '/pay', act: openFiles },
  { name: 'board', role: 'manager', path: '/opportunities', act: firstCard },
  { name: 'board-record', role: 'rep', path: '/opportunities', act: openFirstCard },
  { name: 'board-lost', role: 'rep', path: '/opportunities', act: askWhyLost },
  { name: 'board-funnel', role: 'manager', path: '/opportunities?view=funnel', act: (page) => page.locator('main [data-why]').first().waitFor() },
  { name: 'board-funnel-why', role: 'director', path: '/opportunities?view=funnel', act: (page) => openWhy(page, 'of=conversion') },
  { name: 'setup-products', role: 'operations', path: '/settings/products', act: (page) => page.locator('main tbody tr').first().waitFor() },
  { name: 'setup-product-form', role: 'operations', path: '/settings/products', act: openProductForm },
  { name: 'setup-pipelines', role: 'operations', path: '/settings/pipelines', act: (page) => page.locator('main ol > li').first().waitFor() },
  { name: 'setup-stage-form', role: 'operations', path: '/settings/pipelines', act: openStageForm },
  { name: 'setup-metrics', role: 'operations', path: '/settings/metrics', act: (page) => page.locator('main tbody tr').first().waitFor() },
  { name: 'setup-metric', role: 'operations', path: '/settings/metrics/won_amount', act: (page) => page.locator('aside [data-why]').first().waitFor() },
  { name: 'setup-targets', role: 'operations', path: '/settings/targets', act: (page) => page.locator('main [data-cell]').first().waitFor() },
  { name: 'setup-targets-team', role: 'manager', path: '/settings/targets', act: (page) => page.locator('main [data-cell]').first().waitFor() },
  { name: 'setup-plan', role: 'operations', path: '/plans', act: openPlanEditor },
  { name: 'setup-plan-new', role: 'operations', path: '/plans/new', act: (page) => page.locator('main ol strong').first().waitFor() },
  { name: 'setup-plan-publish', role: 'operations', path: '/plans', act: openPublish },
  { name: 'settings', role: 'rep', path: '/settings' },
  { name: 'settings-tokens', role: 'rep', path: '/settings/tokens' },
  { name: 'settings-company', role: 'administrator', path: '/settings/company' },
  { name: 'settings-members', role: 'administrator', path: '/settings/members' },
  { name: 'settings-member', role: 'administrator', path: '/settings/members', act: openMember },
  { name: 'settings-member-move', role: 'administrator', path: '/settings/members', act: (page) => openMember(page, '调动团队', 'Move') },
  { name: 'settings-member-leave', role: 'administrator', path: '/settings/members', act: (page) => openMember(page, '办理离职', 'Set the last day') },
  { name: 'settings-teams', role: 'administrator', path: '/settings/teams' },
  { name: 'settings-users', role: 'administrator', path: '/settings/users' },
  { name: 'settings-user', role: 'administrator', path: '/settings/users', act: openUser },
  { name: 'settings-roles', role: 'administrator', path: '/settings/roles' },
  { name: 'settings-calendar', role: 'administrator', path: '/settings/calendar' },
  { name: 'settings-audit', role: 'auditor', path: '/settings/audit' },
  { name: 'settings-audit-entry', role: 'auditor', path: '/settings/audit', act: openEntry },
  { name: 'guide', role: 'rep', path: '/guide', act: pictureOfGuide },
  { name: 'guide-administrator', role: 'administrator', path: '/guide/administrator', act: pictureOfGuide },
  { name: 'palette', role: 'manager', path: '/metrics', act: openPalette },
  { name: 'api-docs', role: null, path: '/api/docs' },
  { name: 'not-found', role: 'rep', path: '/nothing-here' },
]

const wide = (page) => page.viewportSize().width > 719

async function firstRow(page) {
  await (wide(page) ? page.locator('main [role="row"][id^="row-"]') : page.locator('main [role="listitem"]')).first().waitFor()
}

async function openFilters(page) {
  await firstRow(page)
  await page.locator('main button[aria-expanded]').last().click()
  await page.locator('main dialog[open], :popover-open').first().waitFor()
}

/** Rows are chosen by the keyboard; the phone has none. */
async function chooseRows(page) {
  await firstRow(page)
  if (!wide(page)) return
  for (const key of ['j', 'x', 'j', 'x', 'j', 'j', 'x']) await page.keyboard.press(key)
  await page.locator('main [role="row"][aria-selected="true"]').nth(2).waitFor()
}

/** The first person of the list, and what is asked about them where a button is named. */
async function openMember(page, ...button) {
  await page.locator('main tbody a[href^="/settings/members/"]').first().click()
  await page.locator('main dl').first().waitFor()
  if (button.length === 0) return
  await page.getByRole('button', { name: new RegExp(button.join('|')) }).first().click()
  await page.locator('dialog[open] input').first().waitFor()
}

async function openUser(page) {
  await page.locator('main tbody button').first().click()
  await page.locator('dialog[open] input').first().waitFor()
}

async function openEntry(page) {
  await page.locator('main tbody button').first().click()
  await page.locator('dialog[open]').waitFor()
}

async function firstCard(page) { await page.locator('main [data-card]').first().waitFor() }

async function openFirstCard(page) {
  await firstCard(page)
  await page.locator('main [data-card] > button').first().click()
  await page.getByTestId('drawer').locator('dl').first().waitFor()
}

/** A deal on its way to the lost ones: by keys, or on the phone by the sheet. */
async function askWhyLost(page) {
  await firstCard(page)
  if (wide(page)) {
    const stages = page.locator('main [data-stage]')
    const card = page.locator('main [data-card]').first()
    const [from, to] = [await card.boundingBox(), await stages.last().boundingBox()]
    await page.mouse.move(from.x + 40, from.y + 20)
    await page.mouse.down()
    await page.mouse.move(to.x + 40, to.y + 60, { steps: 6 })
    await page.mouse.up()
  } else {
    await page.locator('main [data-card] > button').nth(1).click()
    await page.locator('dialog[open] li button').last().click()
  }
  await page.locator('dialog[open] #lost-reason').waitFor()
}

export async function openFirstWhy(page) {
  const line = wide(page) ? page.locator('main tbody [data-why]').first() : page.locator('main li > button').first()
  await line.click()
  await page.getByTestId('drawer').locator('section').first().waitFor()
}

/** The reason of a line, and the record below it. */
async function openWhyRecord(page) {
  await openFirstWhy(page)
  await page.getByTestId('drawer').locator('section').last().locator('button').first().click()
  await page.getByTestId('drawer').locator('dl').first().waitFor()
  await page.getByTestId('drawer').locator('a[href^="/records/"]').first().waitFor()
}

export async function openFirstRecord(page) {
  await openWhyRecord(page)
  await page.getByTestId('drawer').locator('a[href^="/records/"]').first().click()
  await page.waitForURL(/\/records\//)
}

/** The page of the newest record of a kind that the person sees. */
async function openRecordOf(page, list, type, filter = '') {
  const id = await page.evaluate(async (query) => (await (await fetch(`/api/v1/${query}`)).json()).items[0]?.id, `${list}?limit=1&${filter}`)
  if (!id) throw new Error(`nobody has entered ${list}`)
  await page.goto(new URL(`/records/${type}/${id}`, page.url()).href)
  await page.locator('main dl').first().waitFor()
}

const CARD = '\u738b\u5c0f\u660e \u9500\u552e\u603b\u76d1\n\u4e91\u5cf0\u79d1\u6280\u6709\u9650\u516c\u53f8\n\u624b\u673a 138 0013 8000\n\u5730\u5740\uff1a\u4e0a\u6d77\u5e02\u6d66\u4e1c\u65b0\u533a\u4e16\u7eaa\u5927\u9053100\u53f7'

async function openCapture(page, text = CARD) {
  await formReady(page)
  await page.getByRole('button', { name: /\u7c98\u8d34\u8bc6\u522b|Fill from pasted text/ }).click()
  await page.getByTestId('capture').locator('textarea').fill(text)
  await page.getByRole('button', { name: /\u8bc6\u522b\u5e76\u586b\u5165|Fill in/ }).click()
  await page.getByTestId('capture').locator('[role="status"] p').first().waitFor()
}

async function pinSome(page) {
  await page.evaluate(async () => {
    for (const [list, type] of [['accounts', 'account'], ['opportunities', 'opportunity'], ['contracts', 'contract']]) {
      const { items } = await (await fetch(`/api/v1/${list}?limit=2`)).json()
      for (const { id } of items) await fetch(`/api/v1/records/${type}/${id}/pin`, { method: 'PUT' })
    }
  })
  await page.reload()
  await page.getByTestId('pins').waitFor()
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

async function openWhy(page, url) {
  await page.locator(`main [data-why*="${url}"]`).first().click()
  await page.getByTestId('drawer').locator('section').first().waitFor()
}

async function openAttainment(page) { await openWhy(page, 'of=attainment') }
async function openTotal(page) {
  await page.getByTestId('big-figure').locator('[data-why]').click()
  await page.getByTestId('drawer').locator('ul button').first().waitFor()
}
async function openTarget(page) { await openWhy(page, 'of=target') }
async function openTier(page) { await openWhy(page, 'tier=') }

async function openPace(page) { await openWhy(page, '/pace/explanation') }

/** The plan with tiers on attainment, its clause chosen, by the target of one who is on it. */
async function openAttainmentCurve(page) {
  const { plan, person, clause } = await page.evaluate(async () => {
    const get = async (path) => (await fetch(`/api/v1${path}`)).json()
    for (const { id } of (await get('/plans')).items) {
      const { curves } = await get(`/plans/${id}/curves`)
      const curve = curves.find(({ axis }) => axis === 'attainment')
      if (!curve) continue
      const { clauses } = await get(`/plans/${id}`)
      const { items } = await get(`/plans/${id}/people`)
      return { plan: id, person: items[0].id, clause: clauses.find(({ component }) => component === curve.component).number }
    }
    return {}
  })
  await page.goto(new URL(`/plans/${plan}?clause=${clause}&person=${person}`, page.url()).href)
  await page.locator('main svg[role="img"]').first().waitFor()
}

async function openFirstPlan(page) {
  await page.locator('main a[href^="/plans/"]').first().click()
  await page.waitForURL(/\/plans\/./)
  await page.locator('main svg[role="img"]').first().waitFor()
}

/** The form that the address asks for, loaded. */
async function formReady(page) {
  await page.getByTestId('form').locator('form [data-field]').first().waitFor()
}

async function openFormOf(page, list, what, filter) {
  const { id } = await newest(page, list, filter)
  await page.goto(new URL(`/pay?${what}${id}`, page.url()).href)
  await formReady(page)
}

/** A form that was refused: problems at their fields and rows. */
async function openWrong(page) {
  await formReady(page)
  const rows = page.getByTestId('form').locator('[data-field="schedule"]')
  await rows.locator('button').last().click()
  await page.keyboard.press('Control+Enter')
  await page.getByTestId('form').locator('[data-field="number"] p').waitFor()
}

/** Somebody else changed what one has open. */
async function openConflict(page) {
  const lead = await make(page, 'leads', { name: '周敏', company_name: '常州远航机械', phone: '13800002468' })
  await page.goto(new URL(`/pay?edit=lead:${lead.id}`, page.url()).href)
  await formReady(page)
  await page.getByTestId('form').locator('[data-field="company_name"] input').fill('常州远航精密机械')
  await change(page, 'leads', lead.id, { company_name: '常州远航集团', phone: '13900001357' })
  await page.keyboard.press('Control+Enter')
  await page.getByTestId('conflict').waitFor()
}

/** A deal with visits, facts, a change and a comment. */
async function openTimeline(page) {
  const { id } = await newest(page, 'opportunities', 'status=open')
  const { data } = await ask(page, `/records/opportunity/${id}/timeline?limit=30`)
  if (!data.items.some(({ kind }) => kind === 'comment')) {
    await ask(page, `/records/opportunity/${id}/comments`, { method: 'POST', body: { text: '客户想先看三年的总成本。' } })
    await change(page, 'opportunities', id, { next_step: '发三年成本对照表', expected_close_on: '2027-01-15' })
  }
  await page.goto(new URL(`/records/opportunity/${id}`, page.url()).href)
  await page.getByTestId('timeline').locator('li').first().waitFor()
}

async function openArchived(page) {
  const { id } = await make(page, 'contacts', { name: '田文静', title: '采购经理' })
  const { etag } = await ask(page, `/contacts/${id}`)
  await ask(page, `/contacts/${id}`, { method: 'DELETE', etag })
  await page.goto(new URL(`/records/contact/${id}`, page.url()).href)
  await page.locator('main dl').first().waitFor()
}

async function pictureOfGuide(page) {
  const picture = page.getByTestId('guide').locator('img').first()
  await picture.scrollIntoViewIfNeeded()
  await page.waitForFunction((image) => image.naturalWidth > 0, await picture.elementHandle())
  await page.evaluate(() => document.querySelector('main').scrollTo(0, 0))
}

async function openPalette(page) {
  await page.keyboard.press('Control+k')
  await page.locator('dialog[open]').waitFor()
}

/** An import of customers with rows that cannot go in, as far as a status. */
async function importTo(page, wanted) {
  const key = Math.random().toString(36).slice(2, 8)
  const rows = [`${key}-1,青禾自动化设备有限公司,小张,"1,200.50",13800002468,华东`, `${key}-2,远山科技,老李,3000,13800002469,华南`, `${key}-3,恒川仪器,,4000.00,13800002470,华东`, `${key}-4,北辰材料,,abc,13800002471,华北`, `,没有编号的公司,,1,13800002472,华北`]
  const csv = `客户编号,客户名称,销售,年收入,联系电话,大区\n${rows.join('\n')}\n`
  await page.getByTestId('import-file').setInputFiles({ name: '客户清单.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  const stands = (status) => page.locator(`[data-testid="import-run"][data-status="${status}"]`).waitFor()
  await stands('mapping')
  if (wanted === 'mapping') return
  await page.getByRole('button', { name: /^(预览|Preview)$/ }).click()
  await stands('checked')
  if (wanted === 'checked') return
  await page.getByRole('button', { name: /^(导入|Import) \d/ }).click()
  await stands('done')
  await page.getByTestId('rejected').waitFor()
}

/** A visit with a photo on its own page. */
async function openFiles(page) {
  const made = await make(page, 'activities', { kind: 'visit', subject: '现场拜访', outcome: '认可方案', latitude: '31.230416', longitude: '121.473701', accuracy_m: 12 })
  await page.evaluate(async (id) => {
    const canvas = document.createElement('canvas')
    canvas.width = 640
    canvas.height = 480
    const pen = canvas.getContext('2d')
    pen.fillStyle = '#8fb3bf'
    pen.fillRect(0, 0, 640, 480)
    pen.fillStyle = '#3f5d4a'
    pen.fillRect(120, 220, 400, 260)
    const form = new FormData()
    form.append('file', await new Promise((done) => { canvas.toBlob(done, 'image/jpeg') }), '现场照片.jpg')
    await fetch(`/api/v1/records/activity/${id}/attachments`, { method: 'POST', body: form })
  }, made.id)
  await page.goto(new URL(`/records/activity/${made.id}`, page.url()).href)
  await page.getByTestId('attachments').getByRole('img').first().waitFor()
}

async function openProductForm(page) {
  await page.locator('main tbody tr button').first().click()
  await page.locator('#product-code').waitFor()
}

async function openStageForm(page) {
  await page.locator('main ol > li').nth(2).locator('button').first().click()
  await page.locator('#stage-name').waitFor()
}

/** A new version of the first plan, with its first component. */
async function openPlanEditor(page) {
  await openFirstPlan(page)
  await page.goto(`${page.url().split('?')[0]}/edit`)
  await page.locator('main ol button').nth(1).click()
  await page.locator('#part-zh').waitFor()
  await page.locator('aside dl dd').first().waitFor()
  await page.locator('aside svg[role="img"]').waitFor()
}

async function openPublish(page) {
  await openPlanEditor(page)
  await page.locator('#part-en').fill('Deals')
  const publish = page.locator('main footer button').last()
  await page.waitForFunction((button) => !button.disabled, await publish.elementHandle())
  await publish.click()
  await page.locator('dialog[open] dl').waitFor()
}

async function openDone(page) {
  await page.locator('main li button', { hasText: /完成|Done/ }).first().click()
  await page.locator(':popover-open button').first().waitFor()
}

/** The example company tells of targets and plans. */
async function someMessages(page) {
  await page.getByTestId('inbox').locator('li').first().waitFor()
}

async function openMention(page) {
  const { id } = await newest(page, 'opportunities', 'status=open')
  await page.goto(new URL(`/records/opportunity/${id}?comment=1`, page.url()).href)
  const box = page.getByTestId('timeline').locator('textarea').first()
  await box.waitFor()
  await box.click()
  await page.keyboard.type('@')
  await page.locator('.ant-mentions-dropdown').waitFor()
}
