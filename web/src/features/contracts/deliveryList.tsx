import { day, field, joined } from '@/components/list/cells'
import type { Delivery, ListKind } from '@/components/list/model'

export const deliveryList: ListKind<Delivery> = {
  kind: 'deliveries', type: 'delivery', sort: '-delivered_on',
  title: (delivery) => delivery.delivered_on,
  columns: [
    field('order', 150, (delivery, { name }) => name(delivery.order_id)),
    { id: 'quantity', min: 84, numeric: true, initial: true, cell: (delivery) => delivery.quantity },
    day('delivered_on', (delivery) => delivery.delivered_on, { sort: 'delivered_on', initial: true }),
    field('place', 200, (delivery) => delivery.place, { grow: 2, initial: true }),
    field('note', 180, (delivery) => delivery.note, { grow: 2, initial: true }),
  ],
  filters: [
    { type: 'dates', param: 'delivered', inline: true },
    { type: 'record', param: 'order_id' },
  ],
  card: (delivery, around) => ({ title: around.name(delivery.order_id), second: joined(delivery.place, delivery.note), end: delivery.quantity, endSecond: delivery.delivered_on.slice(5) }),
}
