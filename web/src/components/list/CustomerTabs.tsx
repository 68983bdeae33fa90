import { useTranslation } from 'react-i18next'
import { Tabs } from './Tabs'

const LISTS = ['accounts', 'contacts', 'activities'] as const

/** Customers, the people there, and what was done with them. */
export function CustomerTabs({ current }: { current: typeof LISTS[number] }) {
  const { t } = useTranslation()
  return <Tabs label={t('menu.customers')} tabs={LISTS.map((list) => ({ to: `/${list}`, label: t(`list.name.${list}`), current: list === current }))} />
}
