import { useQuery } from '@tanstack/react-query'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { send, type Versioned } from '@/api/client'
import { organisation, type Company } from '@/api/organisation'
import { queries } from '@/api/queries'
import { changedBody, PageForm, type SmallField, type SmallValues } from '@/components/form/SheetForm'
import { percentToShare, shareToPercent } from '@/components/form/money'
import { monthName, useFormat } from '@/components/format/format'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { BoneRows, ErrorState } from '@/components/ui/States'
import { useSaved } from './useSaved'
import styles from './Page.module.css'

const NUMBERS = ['fiscal_year_start_month', 'month_closing_day', 'no_contract_months', 'stays_new_months']

/** What holds for the whole company. */
export function CompanyPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(organisation.company())
  return (
    <div className={styles.narrow}>
      <SettingsHeader title={t('organisation.company')} />
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : data ? <Settings key={data.etag} read={data} /> : <BoneRows />}
    </div>
  )
}

const valuesOf = (company: Company): SmallValues => ({
  name: company.name, locale: company.locale,
  fiscal_year_start_month: String(company.fiscal_year_start_month), month_closing_day: company.month_closing_day ? String(company.month_closing_day) : '',
  no_contract_months: String(company.customer_rule.no_contract_months), stays_new_months: String(company.customer_rule.stays_new_months),
  on_pace_tolerance: shareToPercent(company.on_pace_tolerance), attainment_visible_to: company.attainment_visible_to,
})

function useFields(): SmallField[] {
  const { t } = useTranslation()
  const { locale } = useFormat()
  const months = Array.from({ length: 12 }, (_, index) => ({ value: String(index + 1), label: monthName(index + 1, locale) }))
  const visible = ['own_scope', 'company'].map((value) => ({ value, label: t(`organisation.visible.${value}`) }))
  return [
    { key: 'name', label: t('organisation.company_name'), kind: 'text', required: true, half: true },
    { key: 'locale', label: t('organisation.default_language'), kind: 'choice', required: true, half: true, options: [{ value: 'zh-CN', label: t('settings.chinese') }, { value: 'en', label: 'English' }] },
    { key: 'fiscal_year_start_month', label: t('organisation.fiscal_year'), kind: 'choice', required: true, half: true, options: months },
    { key: 'month_closing_day', label: t('organisation.closing_day'), kind: 'integer', half: true, help: t('organisation.closing_day_help') },
    { key: 'no_contract_months', label: t('organisation.no_contract_months'), kind: 'integer', required: true, half: true, help: t('organisation.no_contract_months_help') },
    { key: 'stays_new_months', label: t('organisation.stays_new_months'), kind: 'integer', required: true, half: true, help: t('organisation.stays_new_months_help') },
    { key: 'on_pace_tolerance', label: t('organisation.tolerance'), kind: 'text', required: true, half: true, help: t('organisation.tolerance_help') },
    { key: 'attainment_visible_to', label: t('organisation.visible.label'), kind: 'choice', required: true, half: true, options: visible, help: t('organisation.visible.help') },
  ]
}

function Settings({ read }: { read: Versioned<Company> }) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const saved = useSaved()
  const { data: company, etag } = read
  const initial = valuesOf(company)
  const save = async (values: SmallValues) => {
    const wire = ([key, value]: [string, string | null]) => [key, value === null ? null : NUMBERS.includes(key) && /^\d{1,4}$/.test(value) ? Number(value) : key === 'on_pace_tolerance' ? percentToShare(value) ?? value : value]
    await send('PATCH', '/company', { body: Object.fromEntries(Object.entries(changedBody(initial, values)).map(wire)) as Record<string, unknown>, etag })
    saved({ title: t('organisation.saved') })
    // What everybody may see, and the periods that hold today, follow from it.
    void queryClient.invalidateQueries({ queryKey: queries.me().queryKey })
  }
  return (
    <>
      <dl className={styles.rows} style={{ marginBottom: 16 }}>
        <div><dt>{t('organisation.currency')}</dt><dd>{company.currency}</dd></div>
        <div><dt>{t('organisation.timezone')}</dt><dd>{company.timezone}</dd></div>
      </dl>
      <PageForm fields={useFields()} initial={initial} save={save} saveLabel={t('organisation.save')} />
      <p className={styles.note}>{t('organisation.rule_version', { version: company.customer_rule.version })}</p>
    </>
  )
}
