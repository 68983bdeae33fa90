import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import { convertLead, readRecord, type RecordData } from '@/api/records'
import { BoneRows, ErrorState } from '@/components/ui/States'
import { textOf, type FormSpec, type Values } from './fields'
import { Gone } from './Gone'
import { RecordForm } from './RecordForm'
import type { KindFormProps } from './SpecForm'
import styles from './Form.module.css'

/** What a lead says about the customer, contact and deal it becomes. */
export function conversionStart(lead: RecordData): Values {
  const text = (key: string) => textOf(lead as unknown as Values, key)
  const company = text('company_name') || text('name')
  return {
    '@account': text('account_id') ? 'existing' : 'new', account_id: text('account_id'), 'account/name': company,
    '@contact': 'yes', 'contact/name': text('name'), 'contact/phone': text('phone'),
    '@opportunity': 'yes', 'opportunity/name': company, 'opportunity/amount': '', 'opportunity/expected_close_on': '',
  }
}

/** The body of a conversion: a part that is not wanted is said to be none, since what is absent is made from the lead. */
export function conversionBody(body: Record<string, unknown>, values: Values): Record<string, unknown> {
  return { ...body, ...(textOf(values, '@contact') === 'no' ? { contact: null } : {}), ...(textOf(values, '@opportunity') === 'no' ? { opportunity: null } : {}) }
}

/** The form that turns a lead into a customer. */
export function ConversionForm(spec: FormSpec) {
  return function Conversion({ id, saved, close }: KindFormProps) {
    const { t } = useTranslation()
    const lead = id ?? ''
    const { data, error, refetch } = useQuery({ queryKey: ['form', 'conversion', lead], queryFn: ({ signal }) => readRecord('lead', lead, signal), gcTime: 0, staleTime: Infinity, refetchOnWindowFocus: false })
    if (error instanceof ApiError && error.status === 404) return <Gone fields={[]} values={{}} title={t('form.convert.title')} close={close} />
    if (error) return <ErrorState error={error} retry={() => void refetch()} />
    if (!data) return <div className={styles.loading}><BoneRows rows={9} height={52} /></div>
    return (
      <RecordForm
        spec={spec} record={`convert:${lead}`} except={lead} initial={conversionStart(data.data)} editing={null} title={t('form.convert.title')} submitLabel={t('form.convert.save')} close={close}
        save={async ({ body, key, values }) => ({ ...(await convertLead(lead, conversionBody(body, values), key)).data, id: lead })} onSaved={(result) => saved(result, true)}
      />
    )
  }
}
