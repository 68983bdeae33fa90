import { field, joined } from '@/components/list/cells'
import type { Around, Contact, ListKind } from '@/components/list/model'

const role = (contact: Contact, { t }: Around) => (contact.decision_role ? t(`decision_role.${contact.decision_role}`, { defaultValue: contact.decision_role }) : null)

export const contactList: ListKind<Contact> = {
  kind: 'contacts', type: 'contact', sort: '-created_at', archives: true,
  title: (contact) => contact.name,
  bulk: { keys: ['owner_id', 'decision_role'], fields: () => import('./ContactForm').then((module) => module.CONTACT.fields) },
  columns: [
    field('person', 128, (contact) => contact.name),
    field('account', 180, (contact, { name }) => name(contact.account_id), { grow: 2, initial: true }),
    field('title', 110, (contact) => contact.title, { initial: true }),
    field('decision', 96, role, { initial: true }),
    field('phone', 124, (contact) => contact.phone, { initial: true }),
    field('email', 170, (contact) => contact.email),
    field('wechat', 120, (contact) => contact.wechat),
    field('owner', 96, (contact, { name }) => name(contact.owner_id), { initial: true }),
  ],
  filters: [
    { type: 'text', param: 'text' },
    { type: 'owner', param: 'owner_id', inline: true },
    { type: 'team', param: 'team_id', inline: true },
    { type: 'record', param: 'account_id' },
  ],
  card: (contact, around) => ({
    title: contact.name,
    second: joined(around.name(contact.account_id), contact.title),
    end: null,
    endSecond: contact.phone ?? role(contact, around),
  }),
}
