import { textOf, type FormSpec } from '@/components/form/fields'
import { SpecForm, type KindFormProps } from '@/components/form/SpecForm'

export const OPPORTUNITY: FormSpec = {
  kind: 'opportunity',
  fields: [
    { key: 'account_id', kind: 'account', label: 'field.account' },
    { key: 'name', kind: 'text', label: 'field.opportunity_name', help: 'form.help.opportunity_name' },
    { key: 'contact_id', kind: 'contact', label: 'field.contact', more: true, filter: (values): Record<string, string> => { const account = textOf(values, 'account_id'); return account ? { account_id: account } : {} } },
    { key: 'amount', kind: 'money', label: 'field.amount', half: true },
    { key: 'expected_close_on', kind: 'date', label: 'field.expected_close_on', half: true },
    { key: 'pipeline_id', kind: 'pipeline', label: 'field.pipeline', half: true, more: true },
    { key: 'stage_id', kind: 'stage', label: 'field.stage', half: true },
    { key: 'product_id', kind: 'product', label: 'field.product', half: true },
    { key: 'next_step', kind: 'text', label: 'field.next_step' },
    { key: 'source', kind: 'suggest', label: 'field.source', suggestions: 'form.sources', more: true },
    { key: 'competitor', kind: 'text', label: 'field.competitor', half: true, more: true },
    { key: 'owner_id', kind: 'person', label: 'field.owner', half: true, more: true },
    { key: 'closed_on', kind: 'date', label: 'field.closed_on', half: true, more: true },
    { key: 'lost_reason', kind: 'text', label: 'field.lost_reason', half: true, more: true },
    { key: 'splits', kind: 'splits', label: 'record.splits' },
  ],
  // The stages of another pipeline are others.
  follow: (values, changed) => (changed === 'pipeline_id' ? { ...values, stage_id: '' } : values),
}

/** A possible deal. */
export const OpportunityForm = (props: KindFormProps) => <SpecForm spec={OPPORTUNITY} {...props} />
