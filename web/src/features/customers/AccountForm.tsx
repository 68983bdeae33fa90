import type { FormSpec } from '@/components/form/fields'
import { SpecForm, type KindFormProps } from '@/components/form/SpecForm'

export const ACCOUNT: FormSpec = {
  kind: 'account',
  duplicates: { name: 'name', phone: 'phone', social_credit_code: 'social_credit_code' },
  fields: [
    { key: 'name', kind: 'text', label: 'field.account_name', required: true },
    { key: 'phone', kind: 'phone', label: 'field.phone', half: true },
    { key: 'social_credit_code', kind: 'text', label: 'field.social_credit_code', half: true },
    { key: 'industry', kind: 'text', label: 'field.industry', half: true },
    { key: 'region', kind: 'text', label: 'field.region', half: true },
    { key: 'tier', kind: 'suggest', label: 'field.tier', suggestions: 'form.tiers' },
    { key: 'source', kind: 'suggest', label: 'field.source', suggestions: 'form.sources', more: true },
    { key: 'owner_id', kind: 'person', label: 'field.owner', half: true, more: true },
    { key: 'parent_id', kind: 'account', label: 'field.parent_account', half: true, more: true },
    { key: 'address', kind: 'text', label: 'field.address', more: true },
    { key: 'website', kind: 'text', label: 'field.website', half: true, more: true },
    { key: 'employees', kind: 'integer', label: 'field.employees', half: true, more: true },
    { key: 'revenue', kind: 'money', label: 'field.revenue', half: true, more: true },
    { key: 'founded_year', kind: 'integer', label: 'field.founded_year', half: true, more: true },
  ],
}

/** A customer: an organisation one sells to. */
export const AccountForm = (props: KindFormProps) => <SpecForm spec={ACCOUNT} {...props} />
