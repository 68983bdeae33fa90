import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useCan } from '@/api/queries'
import { ListScreen } from '@/components/list/ListScreen'
import { Tabs } from '@/components/list/Tabs'
import { PageHeader } from '@/components/ui/PageHeader'
import { contractList } from './contractList'
import { deliveryList } from './deliveryList'
import { invoiceList } from './invoiceList'
import { orderList } from './orderList'
import { paymentList } from './paymentList'

const TABS = ['contracts', 'payments', 'invoices', 'orders', 'deliveries'] as const

/** Contracts, what has come in for them, what was invoiced, sold and handed over: lists of one page. */
export function ContractsPage() {
  const { t } = useTranslation()
  const [params] = useSearchParams()
  const contracts = useCan('edit_contracts')
  const books = useCan('record_money')
  const sells = useCan('edit_sales')
  const current = TABS.find((tab) => tab === params.get('tab')) ?? 'contracts'
  const tabs = <Tabs label={t('menu.contracts')} tabs={TABS.map((tab) => ({ to: tab === 'contracts' ? '/contracts' : `/contracts?tab=${tab}`, label: t(`list.name.${tab}`), current: tab === current }))} />
  const list = () => {
    switch (current) {
      case 'payments': return <ListScreen key={current} kind={paymentList} lead={tabs} creates={books ? 'payment' : null} />
      case 'invoices': return <ListScreen key={current} kind={invoiceList} lead={tabs} creates={books ? 'invoice' : null} />
      case 'orders': return <ListScreen key={current} kind={orderList} lead={tabs} creates={sells ? 'sales_order' : null} />
      case 'deliveries': return <ListScreen key={current} kind={deliveryList} lead={tabs} creates={sells ? 'delivery' : null} />
      default: return <ListScreen key={current} kind={contractList} lead={tabs} creates={contracts ? 'contract' : null} />
    }
  }
  return (
    <>
      <PageHeader title={t('menu.contracts')} />
      {list()}
    </>
  )
}
