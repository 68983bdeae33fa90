import type { Me } from '@/api/types'
import { isFormKind } from '@/components/form/fields'

type Permission = Me['permissions'][number]

/** What it takes to change a kind of record. */
const EDITS: Record<string, Permission> = {
  lead: 'edit_sales', account: 'edit_sales', contact: 'edit_sales', opportunity: 'edit_sales', activity: 'edit_sales', sales_order: 'edit_sales', delivery: 'edit_sales',
  contract: 'edit_contracts', payment: 'record_money', invoice: 'record_money',
}

export const mayEdit = (me: Me, type: string) => { const needed = EDITS[type]; return needed !== undefined && me.permissions.includes(needed) }
export const hasForm = (type: string) => isFormKind(type)
/** Payments are taken back, never put away; a delivery is corrected. */
export const mayArchive = (me: Me, type: string) => mayEdit(me, type) && type !== 'payment' && type !== 'delivery'
/** Records that calls and visits belong to. */
export const takesActivities = (type: string) => type === 'lead' || type === 'account' || type === 'opportunity' || type === 'contact'

/** How an activity at this record names it, and by what the activities of it are listed. */
export function activityOf(type: string, id: string, accountId: string | undefined): Record<string, string> {
  switch (type) {
    case 'lead': return { lead_id: id }
    case 'opportunity': return { opportunity_id: id, ...(accountId ? { account_id: accountId } : {}) }
    case 'contact': return { contact_id: id, ...(accountId ? { account_id: accountId } : {}) }
    default: return { account_id: id }
  }
}
export const activitiesBy = (type: string, id: string): Record<string, string> => ({ [type === 'lead' ? 'lead_id' : type === 'opportunity' ? 'opportunity_id' : type === 'contact' ? 'contact_id' : 'account_id']: id })
