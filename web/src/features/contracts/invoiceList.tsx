import { amount, cardMoney, day, field, joined } from '@/components/list/cells'
import type { Invoice, ListKind } from '@/components/list/model'
import { Word } from '@/components/list/Word'

/** A credit note takes away. */
const signed = (invoice: Invoice) => (invoice.kind === 'credit_note' ? { ...invoice.amount, amount: `-${invoice.amount.amount}` } : invoice.amount)

export const invoiceList: ListKind<Invoice> = {
  kind: 'invoices', type: 'invoice', sort: '-issued_on', archives: true, amount: signed,
  title: (invoice) => invoice.number,
  columns: [
    field('invoice_number', 140, (invoice) => invoice.number),
    field('account', 190, (invoice, { name }) => name(invoice.account_id), { grow: 2, initial: true }),
    field('contract', 150, (invoice, { name }) => name(invoice.contract_id), { initial: true }),
    { id: 'invoice_kind', min: 96, initial: true, cell: (invoice) => <Word set="invoice" word={invoice.kind} /> },
    day('issued_on', (invoice) => invoice.issued_on, { sort: 'issued_on', initial: true }),
    amount('excl_tax', (invoice) => invoice.amount_excl_tax),
    amount('tax', (invoice) => invoice.tax, { initial: true }),
    amount('invoice_amount', signed, { sort: 'amount', initial: true }),
  ],
  filters: [
    { type: 'text', param: 'text' },
    { type: 'choice', param: 'kind', words: ['invoice', 'credit_note'], set: 'invoice', inline: true },
    { type: 'dates', param: 'issued' },
    { type: 'record', param: 'account_id' },
    { type: 'record', param: 'contract_id' },
  ],
  card: (invoice, around) => ({
    title: around.name(invoice.account_id),
    second: joined(invoice.number, around.name(invoice.contract_id)),
    end: cardMoney(signed(invoice), around),
    endSecond: <><Word set="invoice" word={invoice.kind} /> {invoice.issued_on.slice(5)}</>,
  }),
}
