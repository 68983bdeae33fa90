import { formatDate } from '@/components/format/format'
import { day, field, joined } from '@/components/list/cells'
import type { Lead, ListKind } from '@/components/list/model'
import { Word } from '@/components/list/Word'

export const leadList: ListKind<Lead> = {
  kind: 'leads', type: 'lead', sort: '-created_at', archives: true,
  title: (lead) => lead.name,
  bulk: { keys: ['owner_id', 'status', 'source', 'campaign', 'region'], fields: () => import('./LeadForm').then((module) => module.LEAD.fields) },
  columns: [
    field('person', 128, (lead) => lead.name),
    field('company', 168, (lead) => lead.company_name, { grow: 2, initial: true }),
    { id: 'status', min: 84, initial: true, cell: (lead) => <Word set="lead" word={lead.status} /> },
    field('title', 100, (lead) => lead.title),
    field('phone', 120, (lead) => lead.phone, { initial: true }),
    field('email', 160, (lead) => lead.email),
    field('source', 96, (lead) => lead.source, { initial: true }),
    field('campaign', 110, (lead) => lead.campaign),
    field('region', 80, (lead) => lead.region, { initial: true }),
    field('owner', 88, (lead, { name }) => name(lead.owner_id), { initial: true }),
    day('created_on', (lead) => lead.created_on, { sort: 'created_on', initial: true }),
    day('converted_on', (lead) => lead.converted_on),
  ],
  filters: [
    { type: 'text', param: 'text' },
    { type: 'owner', param: 'owner_id', inline: true },
    { type: 'team', param: 'team_id', inline: true },
    { type: 'choice', param: 'status', words: ['open', 'working', 'converted', 'closed'], set: 'lead', inline: true },
  ],
  card: (lead, { name }) => ({
    title: lead.company_name ?? lead.name,
    second: joined(lead.company_name ? lead.name : null, lead.source, name(lead.owner_id)),
    end: null,
    endSecond: <><Word set="lead" word={lead.status} /> {lead.created_on ? formatDate(lead.created_on).slice(5) : ''}</>,
  }),
}
