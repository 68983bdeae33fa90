import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useCan } from '@/api/queries'
import { ListScreen } from '@/components/list/ListScreen'
import { Tabs } from '@/components/list/Tabs'
import { PageHeader } from '@/components/ui/PageHeader'
import { contractList } from './contractList'
import { paymentList } from './paymentList'

/** Contracts and what has come in for them: two lists, one page. */
export function ContractsPage() {
  const { t } = useTranslation()
  const [params] = useSearchParams()
  const contracts = useCan('edit_contracts')
  const books = useCan('record_money')
  const payments = params.get('tab') === 'payments'
  const tabs = (
    <Tabs
      label={t('menu.contracts')}
      tabs={[{ to: '/contracts', label: t('list.name.contracts'), current: !payments }, { to: '/contracts?tab=payments', label: t('list.name.payments'), current: payments }]}
    />
  )
  return (
    <>
      <PageHeader title={t('menu.contracts')} />
      {payments
        ? <ListScreen key="payments" kind={paymentList} lead={tabs} creates={books ? 'payment' : null} />
        : <ListScreen key="contracts" kind={contractList} lead={tabs} creates={contracts ? 'contract' : null} />}
    </>
  )
}
