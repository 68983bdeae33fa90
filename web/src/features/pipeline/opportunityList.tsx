import { age, amount, cardMoney, day, dueDate, field, joined, text } from '@/components/list/cells'
import type { ListKind, Opportunity } from '@/components/list/model'
import { Word } from '@/components/list/Word'

export const opportunityList: ListKind<Opportunity> = {
  kind: 'opportunities', type: 'opportunity', sort: '-created_at', archives: true, amount: (deal) => deal.amount,
  title: (deal) => deal.name,
  bulk: { keys: ['owner_id', 'stage_id', 'expected_close_on', 'product_id', 'source', 'competitor', 'next_step'], fields: () => import('./OpportunityForm').then((module) => module.OPPORTUNITY.fields) },
  columns: [
    field('deal', 200, (deal) => deal.name, { grow: 3 }),
    field('account', 150, (deal, { name }) => name(deal.account_id), { grow: 2 }),
    field('stage', 96, (deal, { name }) => name(deal.stage_id), { initial: true }),
    { id: 'status', min: 76, initial: true, cell: (deal) => <Word set="deal" word={deal.status} /> },
    field('owner', 84, (deal, { name }) => name(deal.owner_id), { initial: true }),
    field('product', 120, (deal, { name }) => name(deal.product_id)),
    field('source', 96, (deal) => deal.source),
    field('next_step', 140, (deal) => deal.next_step, { grow: 2 }),
    { id: 'stage_age', min: 76, numeric: true, inverse: true, sort: 'stage_entered_at', initial: true, cell: (deal, around) => (deal.status === 'open' ? age(deal.stage_entered_at, around) : text(null)) },
    { ...day<Opportunity>('expected_close_on', (deal) => deal.expected_close_on, { sort: 'expected_close_on', initial: true }), cell: (deal, { today }) => dueDate(deal.expected_close_on, deal.status === 'open' && deal.expected_close_on != null && deal.expected_close_on < today) },
    day('closed_on', (deal) => deal.closed_on, { sort: 'closed_on', initial: true }),
    amount('amount', (deal) => deal.amount, { sort: 'amount', initial: true }),
    day('opened_on', (deal) => deal.opened_on),
    field('lost_reason', 110, (deal) => deal.lost_reason),
    field('competitor', 110, (deal) => deal.competitor),
  ],
  filters: [
    { type: 'text', param: 'text' },
    { type: 'owner', param: 'owner_id', inline: true },
    { type: 'team', param: 'team_id', inline: true },
    { type: 'lookup', param: 'stage_id', inline: true },
    { type: 'choice', param: 'status', words: ['open', 'won', 'lost'], set: 'deal', inline: true },
    { type: 'lookup', param: 'pipeline_id' },
    { type: 'lookup', param: 'product_id' },
    { type: 'amount', param: 'amount' },
    { type: 'dates', param: 'expected_close' },
    { type: 'dates', param: 'closed' },
    { type: 'record', param: 'account_id' },
  ],
  card: (deal, around) => ({
    title: deal.name,
    second: joined(around.name(deal.stage_id), around.name(deal.owner_id)),
    end: cardMoney(deal.amount, around),
    endSecond: deal.status === 'open' ? deal.expected_close_on?.slice(5) : <><Word set="deal" word={deal.status} /> {deal.closed_on?.slice(5)}</>,
  }),
}
