import type { FormSpec } from '@/components/form/fields'
import { SpecForm, type KindFormProps } from '@/components/form/SpecForm'

const KINDS = ['invoice', 'credit_note'].map((value) => ({ value, label: `list.word.invoice.${value}` }))

export const INVOICE: FormSpec = {
  kind: 'invoice',
  defaults: (me) => ({ kind: 'invoice', issued_on: me.company.today }),
  fields: [
    { key: 'contract_id', kind: 'contract', label: 'field.contract', required: true },
    { key: 'kind', kind: 'chips', label: 'field.invoice_kind', options: KINDS },
    { key: 'number', kind: 'text', label: 'field.invoice_number', required: true, half: true },
    { key: 'issued_on', kind: 'date', label: 'field.issued_on', half: true },
    { key: 'amount', kind: 'money', label: 'field.amount_with_tax', required: true, half: true },
    { key: 'tax_rate', kind: 'percent', label: 'field.tax_rate', half: true, help: 'form.help.invoice_rate' },
    { key: 'amount_excl_tax', kind: 'money', label: 'field.amount_excl_tax', half: true, more: true },
  ],
}

/** An invoice or a credit note; without a rate it has that of its contract. */
export const InvoiceForm = (props: KindFormProps) => <SpecForm spec={INVOICE} {...props} />
