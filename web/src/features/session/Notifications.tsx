import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { chooseKind, inboxQueries, type NotificationKind } from '@/api/desk'
import { Switch } from '@/components/antd/controls'
import { Section } from '@/components/ui/Section'
import { BoneRows, useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import styles from './ProfilePage.module.css'

/** Which messages one wants. */
export default function Notifications() {
  const { t } = useTranslation()
  const toast = useToast()
  const text = useErrorText()
  const queryClient = useQueryClient()
  const { data } = useQuery(inboxQueries.settings())
  const choose = async (kind: NotificationKind, wanted: boolean) => {
    try {
      const { items } = await chooseKind(kind, wanted)
      queryClient.setQueryData(inboxQueries.settings().queryKey, items)
    } catch (error) {
      toast({ title: text(error), tone: 'behind' })
    }
  }
  return (
    <Section title={t('settings.messages')} className={styles.section}>
      {!data && <BoneRows rows={4} />}
      <ul className={styles.choices}>
        {data?.map(({ kind, name, about, wanted }) => (
          <li key={kind}><span><b id={`kind-${kind}`}>{name}</b><small>{about}</small></span><Switch checked={wanted} onChange={(next) => void choose(kind, next)} aria-labelledby={`kind-${kind}`} /></li>
        ))}
      </ul>
    </Section>
  )
}
