import { rowsOf, type FormSpec, type Values } from '@/components/form/fields'
import { SpecForm, type KindFormProps } from '@/components/form/SpecForm'

const KINDS = ['new', 'add_on', 'renewal', 'repeat', 'framework'].map((value) => ({ value, label: `contract_kind.${value}` }))
const STATUSES = ['draft', 'signed', 'ended', 'cancelled'].map((value) => ({ value, label: `contract_status.${value}` }))
/** With lines the amount is their sum. */
const hasLines = (values: Values) => rowsOf(values, 'lines').length > 0

export const CONTRACT: FormSpec = {
  kind: 'contract',
  defaults: () => ({ contract_kind: 'new', status: 'draft' }),
  fields: [
    { key: 'number', kind: 'text', label: 'field.contract_number', required: true, half: true },
    { key: 'name', kind: 'text', label: 'field.contract_name', half: true },
    { key: 'account_id', kind: 'account', label: 'field.account', half: true },
    { key: 'opportunity_id', kind: 'opportunity', label: 'field.opportunity', half: true, filter: (values): Record<string, string> => (typeof values.account_id === 'string' && values.account_id ? { account_id: values.account_id } : {}) },
    { key: 'contract_kind', kind: 'chips', label: 'field.contract_kind', options: KINDS },
    { key: 'status', kind: 'chips', label: 'field.status', options: STATUSES },
    { key: 'signed_on', kind: 'date', label: 'field.signed_on', half: true },
    { key: 'filed_on', kind: 'date', label: 'field.filed_on', half: true },
    { key: 'lines', kind: 'lines', label: 'record.rows.line' },
    { key: 'amount', kind: 'money', label: 'field.amount_with_tax', half: true, hidden: hasLines },
    { key: 'tax_rate', kind: 'percent', label: 'field.tax_rate', half: true, hidden: hasLines },
    { key: 'schedule', kind: 'schedule', label: 'record.rows.due' },
    { key: 'splits', kind: 'splits', label: 'record.splits' },
    { key: 'service_from', kind: 'date', label: 'field.service_from', half: true, more: true },
    { key: 'service_to', kind: 'date', label: 'field.service_to', half: true, more: true },
    { key: 'owner_id', kind: 'person', label: 'field.owner', half: true, more: true },
    { key: 'parent_id', kind: 'contract', label: 'field.parent_contract', half: true, more: true },
  ],
}

/** A contract with what is sold, when it is paid and who is credited. */
export const ContractForm = (props: KindFormProps) => <SpecForm spec={CONTRACT} {...props} />
