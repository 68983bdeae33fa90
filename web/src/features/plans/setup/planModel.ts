import { percentToShare, readNumber, shareToPercent } from '@/components/form/money'
import { readTests, writeTests, type Condition, type Test } from '@/components/facts/conditions'

/*
 * A plan as the form holds it: figures as people type them (4 for 4 %), all else as the plan's file has it. What the form
 * cannot say of a component is kept as it was read.
 */

export const PERIODS = ['month', 'quarter', 'year'] as const
export const ROUNDINGS = ['half_up', 'down', 'up'] as const
export const MEASURES = ['amount', 'amount_excl_tax', 'margin'] as const
export const RATES = ['flat', 'lookup', 'marginal', 'whole', 'reward'] as const
export type RateKind = (typeof RATES)[number]

export interface Band { from: string; rate: string }
export interface LookupRow { values: Readonly<Record<string, string>>; rate: string }
export interface Component {
  id: string; zh: string; en: string; basis: string; measure: string; tests: Test[] | null; kept?: Condition; roles: readonly string[]
  kind: RateKind
  flat: string
  by: readonly string[]; rows: readonly LookupRow[]; other: string
  /** The metric whose attainment chooses the band; '' where the amount does. */
  metric: string; bands: readonly Band[]
  reward: string; ifLost: 'keep' | 'forfeit'
}
export interface PlanForm {
  id: string; zh: string; en: string; currency: string; period: string; from: string; to: string
  roles: readonly string[]; teams: readonly string[]; people: readonly string[]
  rounding: string; components: readonly Component[]
}

type Name = string | { zh: string; en: string }
type Rate =
  | { flat: string }
  | { lookup: { by: string[]; rows: Record<string, string>[]; default?: string } }
  | { tiers: { mode: 'marginal' | 'whole'; on?: 'amount' | { attainment: string }; rows: { from: string; rate: string }[] } }
  | { reward: { amount: string; if_lost?: 'keep' | 'forfeit' } }
interface Part { id: string; name: Name; basis: string; measure?: string; where?: Condition; roles?: string[]; rate: Rate }
interface Source { id: string; name: Name; currency: string; period: string; from: string; to?: string; who: { roles?: string[]; teams?: string[]; people?: string[] }; rounding?: string; components: Part[] }

const both = (name: Name) => (typeof name === 'string' ? { zh: name, en: name } : name)
const name = ({ zh, en }: { zh: string; en: string }): Name => (zh.trim() === en.trim() || en.trim() === '' ? zh.trim() : zh.trim() === '' ? en.trim() : { zh: zh.trim(), en: en.trim() })

const NO_RATE = { flat: '', by: ['customer_kind'], rows: [{ values: {}, rate: '' }], other: '0', metric: '', bands: [{ from: '0', rate: '' }], reward: '', ifLost: 'forfeit' as const }

/** A new component of a kind, with what is asked most often. */
export function newComponent(kind: RateKind, taken: readonly string[]): Component {
  const id = ['commission', 'commission-2', 'commission-3', ...Array.from({ length: 40 }, (_, index) => `c${index + 1}`)].find((one) => !taken.includes(one)) ?? `c${taken.length + 1}`
  const reward = kind === 'reward'
  return { id, zh: '', en: '', basis: reward ? 'stage_entered' : 'contract_signed', measure: 'amount', tests: reward ? [{ field: 'stage', sign: 'is', values: [] }] : [], roles: ['owner'], kind, ...NO_RATE }
}

export const newPlan = (currency: string, from: string): PlanForm => ({ id: '', zh: '', en: '', currency, period: 'month', from, to: '', roles: ['rep'], teams: [], people: [], rounding: 'half_up', components: [newComponent('marginal', [])] })

function readRate(rate: Rate): Partial<Component> & { kind: RateKind } {
  if ('flat' in rate) return { kind: 'flat', flat: shareToPercent(rate.flat) }
  if ('lookup' in rate) {
    const { by, rows, default: other = '0' } = rate.lookup
    return { kind: 'lookup', by, other: shareToPercent(other), rows: rows.map(({ rate: share, ...values }) => ({ values, rate: shareToPercent(share) })) }
  }
  if ('reward' in rate) return { kind: 'reward', reward: rate.reward.amount, ifLost: rate.reward.if_lost ?? 'keep' }
  const { mode, on = 'amount', rows } = rate.tiers
  const metric = typeof on === 'object' ? on.attainment : ''
  return { kind: mode, metric, bands: rows.map(({ from, rate: share }) => ({ from: metric ? shareToPercent(from) || '0' : from, rate: shareToPercent(share) || '0' })) }
}

/** The form of a plan's structure, as the server gives it. */
export function readPlan(text: string): PlanForm {
  const source = JSON.parse(text) as Source
  return {
    id: source.id, ...both(source.name), currency: source.currency, period: source.period, from: source.from, to: source.to ?? '',
    roles: source.who.roles ?? [], teams: source.who.teams ?? [], people: source.who.people ?? [], rounding: source.rounding ?? 'half_up',
    components: source.components.map((part) => {
      const tests = readTests(part.where)
      return { id: part.id, ...both(part.name), basis: part.basis, measure: part.measure ?? 'amount', tests, ...(tests === null ? { kept: part.where } : {}), roles: part.roles ?? ['owner'], ...NO_RATE, ...readRate(part.rate) }
    }),
  }
}

/** A typed percentage as a share; what is no number goes as it is, so that the server names it. */
const share = (typed: string) => percentToShare(typed) ?? typed.trim()
const figure = (typed: string) => readNumber(typed) ?? typed.trim()

function writeRate(part: Component): Rate {
  switch (part.kind) {
    case 'flat': return { flat: share(part.flat) }
    case 'lookup': {
      const rows = part.rows.map(({ values, rate }) => ({ rate: share(rate), ...Object.fromEntries(part.by.flatMap((field) => (values[field] ? [[field, values[field]]] : []))) }))
      return { lookup: { by: [...part.by], rows, default: share(part.other || '0') } }
    }
    case 'reward': return { reward: { amount: figure(part.reward), if_lost: part.ifLost } }
    default: {
      const rows = part.bands.map(({ from, rate }) => ({ from: part.metric ? share(from) : figure(from), rate: share(rate) }))
      return { tiers: { mode: part.kind, on: part.metric ? { attainment: part.metric } : 'amount', rows } }
    }
  }
}

const filled = (key: string, list: readonly string[]) => (list.length > 0 ? { [key]: [...list] } : {})

/** What the server takes. */
export function writePlan(form: PlanForm): string {
  const source: Source = {
    id: form.id.trim(), name: name(form), currency: form.currency, period: form.period, from: form.from, ...(form.to ? { to: form.to } : {}),
    who: { ...filled('roles', form.roles), ...filled('teams', form.teams), ...filled('people', form.people) },
    rounding: form.rounding,
    components: form.components.map((part) => {
      const where = part.tests === null ? part.kept : writeTests(part.tests)
      const owner = part.roles.length === 1 && part.roles[0] === 'owner'
      return { id: part.id.trim(), name: name(part), basis: part.basis, measure: part.measure, ...(where ? { where } : {}), ...(owner ? {} : { roles: [...part.roles] }), rate: writeRate(part) }
    }),
  }
  return JSON.stringify(source)
}

/** The problem of a part of the form, by the JSON pointer that the server names: itself or what is below it. */
export const problemAt = (mistakes: readonly { pointer: string; detail: string }[], pointer: string): string | undefined => mistakes.find((mistake) => mistake.pointer === pointer || mistake.pointer.startsWith(`${pointer}/`))?.detail

/** The clause that a mistake belongs to: 0 is who and when, then the components, then rounding. */
export function clauseOf(pointer: string, components: number): number {
  const component = /^\/components\/(\d+)/.exec(pointer)?.[1]
  if (component !== undefined) return Number(component) + 1
  return pointer.startsWith('/rounding') ? components + 1 : 0
}
