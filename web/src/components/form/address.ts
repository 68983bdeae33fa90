import { isFormKind, type FormKind } from './fields'

/*
 * The form lives in the address: `new` is the kind of a new record, with what it begins with beside it, `edit` a record
 * that is there, `convert` a lead. Other parameters belong to the page below and stay.
 */
const DEFAULTS = ['account_id', 'contact_id', 'opportunity_id', 'contract_id', 'order_id', 'lead_id', 'stage_id', 'pipeline_id', 'owner_id', 'activity_kind'] as const
const OWN = ['new', 'edit', 'convert', 'at', ...DEFAULTS.map((name) => `f_${name}`)]

export interface FormAddress { mode: 'new' | 'edit' | 'convert'; kind: FormKind; id: string | null; defaults: Record<string, string> }

/** What the address asks for; null for none. */
export function readForm(search: string): FormAddress | null {
  const params = new URLSearchParams(search)
  const defaults = Object.fromEntries(DEFAULTS.flatMap((name) => {
    const value = params.get(`f_${name}`) ?? params.get(name)
    // A list's own filter may have the same name (`owner_id=me`): only the id of a record is taken.
    return value && (!name.endsWith('_id') || /^[0-9a-f-]{36}$/i.test(value)) ? [[name, value] as const] : []
  }))
  const kind = params.get('new')
  if (isFormKind(kind)) return { mode: 'new', kind, id: null, defaults }
  const [type, id] = (params.get('edit') ?? '').split(':')
  if (isFormKind(type) && id) return { mode: 'edit', kind: type, id, defaults }
  const lead = params.get('convert')
  return lead ? { mode: 'convert', kind: 'lead', id: lead, defaults } : null
}

/** The fields that the address asks to be filled in: the form opens at the first of them. */
export const fieldsAt = (search: string): string[] => (new URLSearchParams(search).get('at') ?? '').split(',').filter((key) => /^\w+$/.test(key))

/** The address without the form; what it began with goes along, unless it is the page's own filter. */
export function withoutForm(search: string): string {
  const params = new URLSearchParams(search)
  const open = readForm(search)
  for (const name of OWN) params.delete(name)
  // `new=lead&account_id=...` was written for the form.
  if (open?.mode === 'new') for (const name of DEFAULTS) params.delete(name)
  const text = params.toString()
  return text ? `?${text}` : ''
}

function open(search: string, change: (params: URLSearchParams) => void): string {
  const params = new URLSearchParams(withoutForm(search))
  change(params)
  return `?${params.toString()}`
}

/** The address of a new record's form over the page; defaults are kept apart from the page's filters. */
export const toNew = (search: string, kind: FormKind, defaults: Partial<Record<(typeof DEFAULTS)[number], string>> = {}) => open(search, (params) => {
  params.set('new', kind)
  for (const [name, value] of Object.entries(defaults)) if (value) params.set(`f_${name}`, value)
})

export const toEdit = (search: string, kind: FormKind, id: string, defaults: Partial<Record<(typeof DEFAULTS)[number], string>> = {}, at: readonly string[] = []) => open(search, (params) => {
  params.set('edit', `${kind}:${id}`)
  if (at.length > 0) params.set('at', at.join(','))
  for (const [name, value] of Object.entries(defaults)) if (value) params.set(`f_${name}`, value)
})

export const toConvert = (search: string, lead: string) => open(search, (params) => params.set('convert', lead))
