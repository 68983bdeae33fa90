import type { FormSpec, Values } from '@/components/form/fields'
import { textOf } from '@/components/form/fields'
import { ConversionForm } from '@/components/form/ConversionForm'

const newAccount = (values: Values) => textOf(values, '@account') !== 'existing'
const noContact = (values: Values) => textOf(values, '@contact') === 'no'
const noDeal = (values: Values) => textOf(values, '@opportunity') === 'no'

const SPEC: FormSpec = {
  kind: 'lead',
  duplicates: { name: 'account/name' },
  fields: [
    { key: '@account', kind: 'chips', label: 'form.convert.account', options: [{ value: 'new', label: 'form.convert.account_new' }, { value: 'existing', label: 'form.convert.account_existing' }] },
    { key: 'account_id', kind: 'account', label: 'field.account', required: true, hidden: newAccount },
    { key: 'account/name', kind: 'text', label: 'field.account_name', required: true, hidden: (values) => !newAccount(values) },
    { key: '@contact', kind: 'chips', label: 'form.convert.contact', options: [{ value: 'yes', label: 'form.convert.contact_yes' }, { value: 'no', label: 'form.convert.contact_no' }] },
    { key: 'contact/name', kind: 'text', label: 'field.person_name', required: true, half: true, hidden: noContact },
    { key: 'contact/phone', kind: 'phone', label: 'field.phone', half: true, hidden: noContact },
    { key: '@opportunity', kind: 'chips', label: 'form.convert.opportunity', options: [{ value: 'yes', label: 'form.convert.opportunity_yes' }, { value: 'no', label: 'form.convert.opportunity_no' }] },
    { key: 'opportunity/name', kind: 'text', label: 'field.opportunity_name', required: true, hidden: noDeal },
    { key: 'opportunity/amount', kind: 'money', label: 'field.amount', half: true, hidden: noDeal },
    { key: 'opportunity/expected_close_on', kind: 'date', label: 'field.expected_close_on', half: true, hidden: noDeal },
  ],
}

/** A lead becomes a customer: with its contact and a first deal, all of it filled in from the lead. */
export const ConvertForm = ConversionForm(SPEC)
