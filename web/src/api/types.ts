/** The answers of the server. Money and ratios are decimal strings and stay strings. */

export interface Money { amount: string; currency: string }
export type Unit = 'money' | 'count' | 'percent' | 'days' | 'score'
export type Status = 'earned' | 'pending' | 'held' | 'forfeited' | 'paid'
export type Standing = 'behind' | 'on_pace' | 'ahead' | 'none'

/** A number on a screen; `why` is where its explanation is fetched. */
export interface Figure { value: string | null; unit: Unit; currency?: string | null; why: string | null }

export interface RecordRef { type: string; id: string }
export interface Named { id: string; name: string }
export interface TeamRef extends Named { path: string }
export interface Page<T> { items: T[]; next_cursor: string | null }

export interface Me {
  user_id: string; email: string; name: string; role: string; locale: string
  password_change_required: boolean
  person: (Named & { external_id: string | null }) | null
  team: TeamRef | null
  permissions: string[]
  pay_grant: boolean
  company: { name: string; currency: string; timezone: string; locale: string; today: string }
  periods: { month: string; quarter: string; year: string }
}

export interface Why {
  title: string; subtitle: string | null; figure: Figure; status?: Status | null
  rule: { text: string; highlights?: string[] | null; name: string; version: number | string; from: string | null; href?: string | null } | null
  arithmetic: { label: string; expression: string | null; value: string | null; unit: Unit | null; currency?: string | null; kind: 'line' | 'total' | 'note' }[]
  facts: WhyFact[]
  facts_total: number
  facts_href: string | null
  records: (RecordRef & { type_name: string; name: string })[]
  calculated_at: string
}
export interface WhyFact {
  id: string; date: string; kind: string; kind_name: string; label: string | null
  amount: Money | null; note: string | null; record: RecordRef | null
}

export interface Person { id: string; external_id: string | null; name: string; email: string | null; team: TeamRef | null }
export interface Team { id: string; name: string; path: string; parent_id: string | null; depth: number }

export interface Pace { period: string; start: string; end: string; today: string; days_gone: number; days_total: number; ratio: string; why: string | null }

export interface TierProgress {
  plan_id: string; component: string; component_name: string; axis: 'amount' | 'attainment'; mode: 'marginal' | 'whole'
  position: string; earned: string; pending: string; unit: 'money' | 'percent'; currency?: string | null
  bands: { from: string; to: string | null; rate: string }[]
  next: { at: string; remaining: string; rate: string } | null
  why: string | null
}
export interface PayLine {
  id: string; date: string | null; fact_id: string; kind: string
  source: (RecordRef & { name: string; account_name: string | null; tag: string | null }) | null
  component: string; component_name: string; plan_id: string
  basis: Money | null; rates: string[]; fixed: Money | null; amount: Money
  status: Status; reason: string | null; why: string | null
}
export interface Estimate {
  person: Named; period: string; start: string; end: string; currency: string; calculated_at: string
  total: Figure | null
  previous: { period: string; total: Figure | null } | null
  by_status: { status: Status; figure: Figure; lines: number }[]
  plans: { id: string; key: string; name: string; version: number; from: string; period: string; total: Figure | null }[]
  tiers: TierProgress[]
  lines: PayLine[]
  not_counted: { fact_id: string; date: string; label: string; reason: string }[]
}

export interface Attainment {
  value: Figure; target: Figure | null; attainment: Figure | null
  gap_points: string | null; standing: Standing; estimate: Figure | null
}
export interface TeamAttainment {
  team: TeamRef; period: string
  metric: { code: string; name: string; unit: Unit; currency?: string | null }
  pace: { ratio: string; days_gone: number; days_total: number; why: string | null }
  total: Attainment
  members: (Attainment & { person: Named })[]
  teams: (Attainment & { team: TeamRef })[]
  can_see_pay: boolean
}

export interface MetricItem { code: string; name: string; category: string; unit: Unit; direction: string; version: number; from: string }
export interface Metric extends MetricItem {
  description: string | null; combination: string; to: string | null; definition_text: string
  kinds: { kind: string; name: string }[]
  versions: { version: number; from: string; to: string | null }[]
}
export interface MetricValues {
  subject: { type: string; id: string | null; name: string }; period: string; total: Figure
  target: { base: Figure; challenge: Figure | null; stretch: Figure | null } | null
  attainment: Figure | null
  groups: { key: string; name: string; figure: Figure }[]
}
export interface MetricFact {
  id: string; date: string; kind: string; kind_name: string; label: string | null; person: Named | null
  share: string; value: string | null; amount: Money | null; record: RecordRef | null
}

export interface PlanItem { id: string; key: string; name: string; version: number; from: string; to: string | null; currency: string; period: string; people: number }
export interface Clause {
  number: number; title: string; text: string; highlights: string[]; component: string | null
  table: { kind: 'tiers' | 'lookup' | 'flat' | 'reward'; columns: { key: string; label: string; unit?: string | null; currency?: string | null }[]; rows: Record<string, string | null>[] } | null
}
export interface Plan extends PlanItem {
  published_at: string | null; published_by: string | null
  clauses: Clause[]
  versions: { version: number; from: string; published_at: string | null; published_by: string | null }[]
}
export interface PlanPerson { id: string; name: string; team: string | TeamRef | null }

export interface RecordDetail {
  type: string; type_name: string; id: string; title: string
  fields: { key: string; label: string; value: string | null; unit?: string | null; currency?: string | null; record?: RecordRef | null }[]
  splits: { person: Named; role: string; share: string; from: string | null }[]
  facts: { id: string; date: string; kind: string; kind_name: string; amount: Money | null; label: string | null }[]
  related: (RecordRef & { type_name: string; name: string })[]
}

export interface ChangedEvent { people: string[]; kinds: string[]; definitions: boolean }

/** RFC 9457 */
export interface Problem {
  type?: string; title?: string; status?: number; code?: string; detail?: string
  errors?: { pointer?: string; code?: string; detail?: string }[]
}

/* The paths, in the form that openapi-fetch reads. */
interface Ok<T> { responses: { 200: { content: { 'application/json': T } } } }
interface None { responses: { 204: { content?: never } } }
type Path<P> = { parameters: { path: P } }
type Query<Q> = { parameters: { query?: Q } }
type Body<B> = { requestBody: { content: { 'application/json': B } } }
type Subject = { subject: string; period: string; product_line?: string; region?: string; tier?: string }

export interface paths {
  '/session': { post: Ok<Me> & Body<{ email: string; password: string }>; delete: None }
  '/me': { get: Ok<Me>; patch: Ok<Me> & Body<{ locale: string }> }
  '/me/password': { post: None & Body<{ current: string; new: string }> }
  '/me/sessions': { delete: None }
  '/people': { get: Ok<Page<Person>> & Query<{ q?: string; limit?: number }> }
  '/teams': { get: Ok<Page<Team>> & Query<{ limit?: number }> }
  '/pace': { get: Ok<Pace> & Query<{ period: string }> }
  '/people/{id}/estimate': { get: Ok<Estimate> & { parameters: { path: { id: string }; query?: { period: string } } } }
  '/teams/{id}/attainment': { get: Ok<TeamAttainment> & { parameters: { path: { id: string }; query?: { period: string; metric: string } } } }
  '/metrics': { get: Ok<{ items: MetricItem[] }> }
  '/metrics/{code}': { get: Ok<Metric> & Path<{ code: string }> }
  '/metrics/{code}/values': { get: Ok<MetricValues> & { parameters: { path: { code: string }; query?: Subject & { by?: string } } } }
  '/metrics/{code}/facts': { get: Ok<Page<MetricFact>> & { parameters: { path: { code: string }; query?: Subject & { limit?: number; cursor?: string } } } }
  '/plans': { get: Ok<{ items: PlanItem[] }> }
  '/plans/{id}': { get: Ok<Plan> & { parameters: { path: { id: string }; query?: { version?: string } } } }
  '/plans/{id}/people': { get: Ok<{ items: PlanPerson[] }> & Path<{ id: string }> }
  '/records/{type}/{id}': { get: Ok<RecordDetail> & Path<{ type: string; id: string }> }
}
