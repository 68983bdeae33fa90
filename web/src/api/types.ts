import type { components, paths as served } from './schema'

/**
 * The answers of the server, by the names the interface uses. Money and ratios are decimal strings and stay strings.
 * All of it comes from the OpenAPI file (`npm run types`); only what that leaves as a plain string is narrowed here.
 */
type S = components['schemas']

export type Figure = S['Figure']
export type Unit = S['FigureUnit']
export type Me = S['Me']
export type Why = S['Why']
export type Person = S['PersonView']
export type Team = S['TeamView']
export type TeamRef = S['TeamRef']
export type RecordRef = S['RecordId']
export type Estimate = S['EstimateView']
export type PayLine = S['EstimateLineView']
export type TierProgress = S['TierView']
export type Attainment = S['Standings']
export type TeamAttainment = S['TeamAttainment']
export type MetricItem = S['MetricSummary']
export type Metric = S['MetricCard']
export type MetricValues = S['ValuesView']
export type MetricFact = S['MetricFact']
export type PayFact = S['PayFact']
export type PlanItem = S['PlanSummary']
export type Plan = S['PlanView']
export type Clause = S['ClauseView']
export type PlanPerson = S['Member']
export type PlanCurves = S['CurvesView']
export type PlanCurve = S['CurveView']
export type Problem = Partial<S['Problem']>
export interface Page<T> { items: T[]; next_cursor?: string | null }

/** What a screen says about a line: the marks and words of `Tags`. */
export type Status = 'earned' | 'pending' | 'held' | 'forfeited' | 'paid'
export type Standing = 'behind' | 'on_pace' | 'ahead' | 'none'

const STATUSES: readonly string[] = ['earned', 'pending', 'held', 'forfeited', 'paid'] satisfies Status[]

/** The words of the API are those of the vocabulary; one this build does not know counts as earned. */
export const statusOf = (status: string): Status => (STATUSES.includes(status) ? (status as Status) : 'earned')

export function standingOf(standing: string): Standing {
  return standing === 'behind' || standing === 'on_pace' || standing === 'ahead' ? standing : 'none'
}

export type RecordDetail = S['RecordView']
/** A row of any list of records: what the kinds of records have, where they have it. */
export type Listed = { id: string; amount?: S['Amount'] | null } & Partial<Record<'name' | 'number' | 'status' | 'title' | 'kind' | 'subject' | 'quantity' | 'place' | 'closed_on' | 'expected_close_on' | 'signed_on' | 'happened_on' | 'issued_on' | 'delivered_on' | 'sold_on', string | null>>
/** What happened at a record: a comment, an activity, a change. */
export type TimelineItem = S['Event']
export type Product = S['ProductView']
export type Duplicate = S['Duplicate']
export type Pin = S['PinView']
export type ChangedEvent = S['Changed']
export type paths = served
