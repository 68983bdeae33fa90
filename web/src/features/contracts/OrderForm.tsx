import { textOf, type FormSpec } from '@/components/form/fields'
import { SpecForm, type KindFormProps } from '@/components/form/SpecForm'

const STATUSES = ['open', 'delivered', 'cancelled'].map((value) => ({ value, label: `list.word.order.${value}` }))

export const ORDER: FormSpec = {
  kind: 'sales_order',
  defaults: (me) => ({ status: 'open', quantity: '1', sold_on: me.company.today }),
  fields: [
    { key: 'number', kind: 'text', label: 'field.order_number', required: true, half: true },
    { key: 'sold_on', kind: 'date', label: 'field.sold_on', half: true },
    { key: 'account_id', kind: 'account', label: 'field.account', half: true },
    { key: 'contract_id', kind: 'contract', label: 'field.contract', half: true, filter: (values): Record<string, string> => (textOf(values, 'account_id') ? { account_id: textOf(values, 'account_id') } : {}) },
    { key: 'status', kind: 'chips', label: 'field.status', options: STATUSES },
    { key: 'product_id', kind: 'product', label: 'field.product', half: true },
    { key: 'quantity', kind: 'decimal', label: 'field.quantity', half: true },
    { key: 'amount', kind: 'money', label: 'field.amount_with_tax', required: true, half: true },
    { key: 'amount_excl_tax', kind: 'money', label: 'field.amount_excl_tax', half: true },
    { key: 'channel', kind: 'suggest', label: 'field.channel', suggestions: 'form.channels' },
    { key: 'owner_id', kind: 'person', label: 'field.owner', half: true, more: true },
    { key: 'cost', kind: 'money', label: 'field.cost', half: true, more: true },
  ],
}

/** A sale without a contract of its own, or called off from one. */
export const OrderForm = (props: KindFormProps) => <SpecForm spec={ORDER} {...props} />
