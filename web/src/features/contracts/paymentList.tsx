import { amount, cardMoney, day, field, joined, text } from '@/components/list/cells'
import type { ListKind, Payment } from '@/components/list/model'
import { Word } from '@/components/list/Word'
import styles from './Contracts.module.css'

const worst = (payment: Payment) => Math.max(0, ...payment.allocations.map(({ days_overdue }) => days_overdue))

export const paymentList: ListKind<Payment> = {
  kind: 'payments', type: 'payment', sort: '-received_on', amount: (payment) => (payment.reversed ? null : payment.amount),
  title: (payment) => payment.received_on,
  columns: [
    field('account', 190, (payment, { name }) => name(payment.account_id), { grow: 2 }),
    field('contract', 150, (payment, { name }) => name(payment.contract_id), { initial: true }),
    { id: 'payment_kind', min: 84, initial: true, cell: (payment, { t }) => <><Word set="payment" word={payment.kind} />{payment.reversed && <span className={styles.reversed}>{t('list.reversed')}</span>}</> },
    field('method', 100, (payment) => payment.method, { initial: true }),
    { id: 'overdue', min: 84, numeric: true, initial: true, cell: (payment, { t }) => (worst(payment) > 0 ? <span className={styles.late}>{t('list.days', { value: worst(payment) })}</span> : text(null)) },
    day('received_on', (payment) => payment.received_on, { sort: 'received_on', initial: true }),
    amount('payment_amount', (payment) => payment.amount, { initial: true }),
    field('reference', 130, (payment) => payment.reference),
    field('note', 150, (payment) => payment.note),
  ],
  filters: [
    { type: 'choice', param: 'kind', words: ['payment', 'refund', 'write_off'], set: 'payment', inline: true },
    { type: 'dates', param: 'received', inline: true },
    { type: 'record', param: 'account_id' },
    { type: 'record', param: 'contract_id' },
  ],
  card: (payment, around) => ({
    title: around.name(payment.account_id),
    second: joined(around.name(payment.contract_id), payment.method),
    end: cardMoney(payment.amount, around),
    endSecond: <><Word set="payment" word={payment.kind} /> {payment.received_on.slice(5)}</>,
  }),
}
