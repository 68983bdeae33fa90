import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { archiveRecord, readRecord, restoreRecord } from '@/api/records'
import { queries } from '@/api/queries'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'

/** Puts a record away, offers to take that back, and brings one back. */
export function useArchive(type: string, id: string) {
  const { t } = useTranslation()
  const toast = useToast()
  const text = useErrorText()
  const queryClient = useQueryClient()
  const refresh = () => queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== queries.me().queryKey[0] && queryKey[0] !== 'form' })
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      toast({ title: text(error), tone: 'behind' })
    }
    await refresh()
  }
  const restore = () => attempt(async () => {
    await restoreRecord(type, id)
    toast({ title: t('record.restored'), tone: 'ahead' })
  })
  const archive = (name: string) => attempt(async () => {
    const { etag } = await readRecord(type, id)
    await archiveRecord(type, id, etag)
    toast({ title: t('record.archived', { name }), action: { label: t('record.undo'), run: () => void restore() } })
  })
  return { archive, restore }
}
