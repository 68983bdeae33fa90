import type { FormSpec } from '@/components/form/fields'
import { SpecForm, type KindFormProps } from '@/components/form/SpecForm'

export const DELIVERY: FormSpec = {
  kind: 'delivery',
  defaults: (me) => ({ delivered_on: me.company.today }),
  fields: [
    { key: 'order_id', kind: 'sales_order', label: 'field.order', required: true },
    { key: 'quantity', kind: 'decimal', label: 'field.quantity', required: true, half: true },
    { key: 'delivered_on', kind: 'date', label: 'field.delivered_on', half: true },
    { key: 'place', kind: 'text', label: 'field.place' },
    { key: 'note', kind: 'long', label: 'field.note', more: true },
  ],
}

/** What of an order was handed over. */
export const DeliveryForm = (props: KindFormProps) => <SpecForm spec={DELIVERY} {...props} />
