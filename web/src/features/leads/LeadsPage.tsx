import { useTranslation } from 'react-i18next'
import { useCan } from '@/api/queries'
import { ListScreen } from '@/components/list/ListScreen'
import { PageHeader } from '@/components/ui/PageHeader'
import { leadList } from './leadList'

export function LeadsPage() {
  const { t } = useTranslation()
  const writes = useCan('edit_sales')
  return (
    <>
      <PageHeader title={t('menu.leads')} />
      <ListScreen kind={leadList} creates={writes ? 'lead' : null} />
    </>
  )
}
