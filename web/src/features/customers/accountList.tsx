import { amount, field, joined, text } from '@/components/list/cells'
import type { Account, ListKind } from '@/components/list/model'
import styles from './Customers.module.css'

export const accountList: ListKind<Account> = {
  kind: 'accounts', type: 'account', sort: '-created_at', archives: true,
  title: (account) => account.name,
  bulk: { keys: ['owner_id', 'region', 'tier', 'industry', 'source'], fields: () => import('./AccountForm').then((module) => module.ACCOUNT.fields) },
  columns: [
    field('account', 200, (account) => account.name, { grow: 3, sort: 'name' }),
    { id: 'tier', min: 56, initial: true, cell: (account) => (account.tier ? <span className={styles.tier}>{account.tier}</span> : text(null)) },
    field('industry', 104, (account) => account.industry, { initial: true }),
    field('region', 88, (account) => account.region, { initial: true }),
    field('source', 104, (account) => account.source, { initial: true }),
    field('phone', 120, (account) => account.phone),
    field('owner', 96, (account, { name }) => name(account.owner_id), { initial: true }),
    field('parent', 150, (account, { name }) => (account.parent_id ? name(account.parent_id) : null)),
    field('code', 170, (account) => account.social_credit_code),
    { id: 'employees', min: 80, numeric: true, cell: (account) => account.employees ?? text(null) },
    amount('revenue', (account) => account.revenue),
    field('website', 150, (account) => account.website),
  ],
  filters: [
    { type: 'text', param: 'text' },
    { type: 'owner', param: 'owner_id', inline: true },
    { type: 'team', param: 'team_id', inline: true },
    { type: 'free', param: 'tier' },
    { type: 'free', param: 'region' },
    { type: 'record', param: 'parent_id' },
  ],
  card: (account, { name }) => ({
    title: account.name,
    second: joined(account.industry, account.region, account.source),
    end: account.tier ? <span className={styles.tier}>{account.tier}</span> : null,
    endSecond: name(account.owner_id),
  }),
}
