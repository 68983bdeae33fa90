import { useTranslation } from 'react-i18next'
import { useCan } from '@/api/queries'
import { CustomerTabs } from '@/components/list/CustomerTabs'
import { ListScreen } from '@/components/list/ListScreen'
import { PageHeader } from '@/components/ui/PageHeader'
import { accountList } from './accountList'
import { contactList } from './contactList'

export function AccountsPage() {
  const { t } = useTranslation()
  const writes = useCan('edit_sales')
  return (
    <>
      <PageHeader title={t('menu.customers')} />
      <ListScreen kind={accountList} lead={<CustomerTabs current="accounts" />} creates={writes ? 'account' : null} />
    </>
  )
}

export function ContactsPage() {
  const { t } = useTranslation()
  const writes = useCan('edit_sales')
  return (
    <>
      <PageHeader title={t('list.name.contacts')} />
      <ListScreen kind={contactList} lead={<CustomerTabs current="contacts" />} creates={writes ? 'contact' : null} />
    </>
  )
}
