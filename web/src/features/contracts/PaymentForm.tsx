import { textOf, type FormSpec } from '@/components/form/fields'
import { SpecForm, type KindFormProps } from '@/components/form/SpecForm'

const KINDS = ['payment', 'refund', 'write_off'].map((value) => ({ value, label: `payment_kind.${value}` }))

export const PAYMENT: FormSpec = {
  kind: 'payment',
  defaults: (me) => ({ kind: 'payment', received_on: me.company.today }),
  fields: [
    { key: 'contract_id', kind: 'contract', label: 'field.contract', required: true, fixed: true },
    { key: 'kind', kind: 'chips', label: 'field.payment_kind', options: KINDS },
    { key: 'amount', kind: 'money', label: 'field.amount', required: true, half: true },
    { key: 'received_on', kind: 'date', label: 'field.received_on', half: true },
    { key: 'refers_to_id', kind: 'payment', label: 'field.refers_to', hidden: (values) => textOf(values, 'kind') !== 'refund', filter: (values): Record<string, string> => (textOf(values, 'contract_id') ? { contract_id: textOf(values, 'contract_id') } : {}) },
    { key: 'method', kind: 'suggest', label: 'field.method', suggestions: 'form.methods' },
    { key: 'reference', kind: 'text', label: 'field.reference', half: true, more: true },
    { key: 'note', kind: 'long', label: 'field.note', more: true },
  ],
}

/** Money that came in, went back or was given up. */
export const PaymentForm = (props: KindFormProps) => <SpecForm spec={PAYMENT} {...props} />
