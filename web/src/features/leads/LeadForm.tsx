import type { FormSpec } from '@/components/form/fields'
import { SpecForm, type KindFormProps } from '@/components/form/SpecForm'

export const LEAD: FormSpec = {
  kind: 'lead', captures: true,
  duplicates: { name: 'company_name', phone: 'phone', email: 'email' },
  fields: [
    { key: 'name', kind: 'text', label: 'field.person_name', required: true, half: true },
    { key: 'title', kind: 'text', label: 'field.title', half: true, more: true },
    { key: 'phone', kind: 'phone', label: 'field.phone', half: true },
    { key: 'company_name', kind: 'text', label: 'field.company_name' },
    { key: 'email', kind: 'email', label: 'field.email', half: true, more: true },
    { key: 'region', kind: 'text', label: 'field.region', half: true, more: true },
    { key: 'campaign', kind: 'text', label: 'field.campaign', half: true, more: true },
    { key: 'created_on', kind: 'date', label: 'field.first_touch_on', half: true, more: true },
    { key: 'owner_id', kind: 'person', label: 'field.owner', more: true },
    { key: 'status', kind: 'choice', label: 'field.status', more: true, options: [{ value: 'open', label: 'lead_status.open' }, { value: 'working', label: 'lead_status.working' }, { value: 'closed', label: 'lead_status.closed' }, { value: 'converted', label: 'lead_status.converted' }] },
    { key: 'note', kind: 'long', label: 'field.note' },
    { key: 'source', kind: 'suggest', label: 'field.source', suggestions: 'form.sources' },
  ],
}

/** A lead: as little as it takes to capture one. */
export const LeadForm = (props: KindFormProps) => <SpecForm spec={LEAD} {...props} />
