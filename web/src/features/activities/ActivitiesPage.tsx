import { useTranslation } from 'react-i18next'
import { useCan } from '@/api/queries'
import { CustomerTabs } from '@/components/list/CustomerTabs'
import { ListScreen } from '@/components/list/ListScreen'
import { PageHeader } from '@/components/ui/PageHeader'
import { activityList } from './activityList'

export function ActivitiesPage() {
  const { t } = useTranslation()
  const writes = useCan('edit_sales')
  return (
    <>
      <PageHeader title={t('list.name.activities')} />
      <ListScreen kind={activityList} lead={<CustomerTabs current="activities" />} creates={writes ? 'activity' : null} />
    </>
  )
}
