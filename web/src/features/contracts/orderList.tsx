import { amount, cardMoney, day, field, joined } from '@/components/list/cells'
import type { ListKind, Order } from '@/components/list/model'
import { Word } from '@/components/list/Word'

export const orderList: ListKind<Order> = {
  kind: 'orders', type: 'sales_order', sort: '-sold_on', archives: true, amount: (order) => (order.status === 'cancelled' ? null : order.amount),
  title: (order) => order.number,
  bulk: { keys: ['owner_id', 'status'], fields: () => import('./OrderForm').then((module) => module.ORDER.fields) },
  columns: [
    field('order_number', 130, (order) => order.number),
    field('account', 180, (order, { name }) => name(order.account_id), { grow: 2, initial: true }),
    { id: 'status', min: 84, initial: true, cell: (order) => <Word set="order" word={order.status} /> },
    field('product', 130, (order, { name }) => name(order.product_id), { initial: true }),
    { id: 'quantity', min: 72, numeric: true, initial: true, cell: (order) => order.quantity },
    field('channel', 90, (order) => order.channel),
    field('owner', 84, (order, { name }) => name(order.owner_id), { initial: true }),
    field('contract', 140, (order, { name }) => name(order.contract_id)),
    day('sold_on', (order) => order.sold_on, { sort: 'sold_on', initial: true }),
    amount('order_amount', (order) => order.amount, { sort: 'amount', initial: true }),
    amount('excl_tax', (order) => order.amount_excl_tax),
    amount('cost', (order) => order.cost),
  ],
  filters: [
    { type: 'text', param: 'text' },
    { type: 'owner', param: 'owner_id', inline: true },
    { type: 'team', param: 'team_id', inline: true },
    { type: 'choice', param: 'status', words: ['open', 'delivered', 'cancelled'], set: 'order', inline: true },
    { type: 'dates', param: 'sold' },
    { type: 'record', param: 'account_id' },
    { type: 'record', param: 'contract_id' },
  ],
  card: (order, around) => ({
    title: around.name(order.account_id) === '\u2014' ? order.number : around.name(order.account_id),
    second: joined(order.number, around.name(order.product_id), around.name(order.owner_id)),
    end: cardMoney(order.amount, around),
    endSecond: <><Word set="order" word={order.status} /> {order.sold_on.slice(5)}</>,
  }),
}
