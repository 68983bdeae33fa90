import { amount, cardMoney, day, field, joined } from '@/components/list/cells'
import type { Contract, ListKind } from '@/components/list/model'
import { Word } from '@/components/list/Word'

export const contractList: ListKind<Contract> = {
  kind: 'contracts', type: 'contract', sort: '-created_at', archives: true, amount: (contract) => contract.amount,
  title: (contract) => contract.number,
  bulk: { keys: ['owner_id', 'status'], fields: () => import('./ContractForm').then((module) => module.CONTRACT.fields) },
  columns: [
    field('number', 140, (contract) => contract.number, { grow: 0 }),
    field('account', 190, (contract, { name }) => (contract.account_id && name(contract.account_id) !== '\u2014' ? name(contract.account_id) : contract.name), { grow: 2, initial: true }),
    field('name', 160, (contract) => contract.name, { grow: 2 }),
    { id: 'status', min: 84, initial: true, cell: (contract) => <Word set="contract" word={contract.status} /> },
    { id: 'contract_kind', min: 72, initial: true, cell: (contract, { t }) => t(`list.contract_kind.${contract.contract_kind}`) },
    field('owner', 84, (contract, { name }) => name(contract.owner_id), { initial: true }),
    day('signed_on', (contract) => contract.signed_on, { sort: 'signed_on', initial: true }),
    amount('contract_amount', (contract) => contract.amount, { sort: 'amount', initial: true }),
    amount('excl_tax', (contract) => contract.amount_excl_tax),
    day('filed_on', (contract) => contract.filed_on),
    day('service_from', (contract) => contract.service_from),
    day('service_to', (contract) => contract.service_to),
  ],
  filters: [
    { type: 'text', param: 'text' },
    { type: 'owner', param: 'owner_id', inline: true },
    { type: 'team', param: 'team_id', inline: true },
    { type: 'choice', param: 'status', words: ['draft', 'signed', 'ended', 'cancelled'], set: 'contract', inline: true },
    { type: 'dates', param: 'signed' },
    { type: 'record', param: 'account_id' },
    { type: 'record', param: 'opportunity_id' },
  ],
  card: (contract, around) => ({
    title: around.name(contract.account_id) === '\u2014' ? contract.name : around.name(contract.account_id),
    second: joined(contract.number, around.name(contract.owner_id)),
    end: cardMoney(contract.amount, around),
    endSecond: <><Word set="contract" word={contract.status} /> {contract.signed_on?.slice(5)}</>,
  }),
}
