import type { FormSpec } from '@/components/form/fields'
import { SpecForm, type KindFormProps } from '@/components/form/SpecForm'

const ROLES = ['decider', 'influencer', 'user', 'buyer', 'gatekeeper'].map((value) => ({ value, label: `decision_role.${value}` }))

export const CONTACT: FormSpec = {
  kind: 'contact', captures: true,
  duplicates: { phone: 'phone', email: 'email' },
  fields: [
    { key: 'name', kind: 'text', label: 'field.person_name', required: true, half: true },
    { key: 'title', kind: 'text', label: 'field.title', half: true },
    { key: 'account_id', kind: 'account', label: 'field.account' },
    { key: 'phone', kind: 'phone', label: 'field.phone', half: true },
    { key: 'wechat', kind: 'text', label: 'field.wechat', half: true },
    { key: 'email', kind: 'email', label: 'field.email', half: true, more: true },
    { key: 'owner_id', kind: 'person', label: 'field.owner', half: true, more: true },
    { key: 'decision_role', kind: 'chips', label: 'field.decision_role', options: ROLES },
  ],
}

/** A person at a customer, with their part in the decision. */
export const ContactForm = (props: KindFormProps) => <SpecForm spec={CONTACT} {...props} />
