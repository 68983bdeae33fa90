import type { ReactNode } from 'react'
import type { TFunction } from 'i18next'
import type { components } from '@/api/schema'
import type { Field } from '@/components/form/fields'
import type { Formatter } from '@/components/format/format'

type S = components['schemas']

/** What every row of a list has. */
export interface Row { id: string; archived?: boolean; updated_at?: string; version?: number }

/** A page of a list; `names` are those that the rows name by id. */
export interface ListPage<T> { items: T[]; names?: Record<string, string>; next_cursor?: string | null }

export type Lead = S['LeadView'] & Row
export type Account = S['AccountView'] & Row
export type Contact = S['ContactView'] & Row
export type Opportunity = S['OpportunityView'] & Row
export type Contract = S['ContractView'] & Row
export type Payment = S['PaymentView'] & Row
export type Invoice = S['InvoiceView'] & Row
export type Order = S['OrderView'] & Row
export type Delivery = S['DeliveryView'] & Row
export type Activity = S['ActivityView'] & Row

/** What a cell may need beside its row. */
export interface Around {
  t: TFunction
  format: Formatter
  /** The name of a person, customer, deal, stage, product; a dash where it is out of reach. */
  name: (id: string | null | undefined) => string
  today: string
  timezone: string
}

/** A column: `min` is the least it may be wide, in px; `grow` how much it takes of what is left. */
export interface Column<T> {
  id: string
  min: number
  grow?: number
  numeric?: boolean
  /** The server's name of this order, where it has one. */
  sort?: string
  /** The first click sorts down: dates and amounts. */
  down?: boolean
  /** It shows the other way round than it is sorted: an age by the day it began. */
  inverse?: boolean
  /** Shown before anybody has chosen. */
  initial?: boolean
  cell: (row: T, around: Around) => ReactNode
}

/** What a list can be narrowed by; `param` is the name in the address and in the API. */
export type Filter =
  | { type: 'text' | 'owner' | 'team' | 'free'; param: string; inline?: boolean }
  | { type: 'choice'; param: string; /** Where the words of its words are: `list.word.{set}`. */ words: readonly string[]; set: string; inline?: boolean }
  /** Stages, products, pipelines: known by the page. */
  | { type: 'lookup'; param: string; inline?: boolean }
  /** A record that a link named: shown only while it is chosen. */
  | { type: 'record'; param: string; inline?: boolean }
  /** Two parameters: `param_from` and `param_to`. */
  | { type: 'amount' | 'dates'; param: string; inline?: boolean }

/** How a row is drawn on the phone: two lines and what stands at their ends. */
export interface Card { title: ReactNode; second?: ReactNode; end?: ReactNode; endSecond?: ReactNode }

export type KindName = 'leads' | 'accounts' | 'contacts' | 'opportunities' | 'contracts' | 'payments' | 'invoices' | 'orders' | 'deliveries' | 'activities'

/** One kind of list, all of it. `kind` is its name in the API, `type` that of its records. */
export interface ListKind<T extends Row> {
  kind: KindName
  type: string
  columns: readonly Column<T>[]
  filters: readonly Filter[]
  /** The order where the address names none. */
  sort: string
  /** What is added up over the chosen rows. */
  amount?: (row: T) => S['Amount'] | null | undefined
  card: (row: T, around: Around) => Card
  /** What a row is called. */
  title: (row: T) => string
  /** The fields that can be changed for many at once; the form they belong to is loaded when they are. */
  bulk?: { keys: readonly string[]; fields: () => Promise<readonly Field[]> }
  /** Payments are taken back, never put away. */
  archives?: boolean
}

export interface Option { value: string; label: string }
export type Lookups = Partial<Record<string, readonly Option[]>>
