import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Pin as PinIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { pinRecord, recordQueries, unpinRecord } from '@/api/records'
import type { RecordRef } from '@/api/types'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import styles from './RecordActions.module.css'

/** Keeps a record at hand: in the palette and on the desk. */
export function Pin({ record: { type, id } }: { record: RecordRef }) {
  const { t } = useTranslation()
  const toast = useToast()
  const text = useErrorText()
  const queryClient = useQueryClient()
  const { data } = useQuery(recordQueries.pins())
  const pinned = data?.some((pin) => pin.record_type === type && pin.id === id) ?? false
  const { mutate, isPending } = useMutation({
    mutationFn: (on: boolean) => (on ? pinRecord(type, id) : unpinRecord(type, id)),
    onError: (error) => toast({ title: text(error), tone: 'behind' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: recordQueries.pins().queryKey }),
  })
  if (!data) return null
  const label = t(pinned ? 'record.action.unpin' : 'record.action.pin')
  return <button type="button" className={styles.pin} data-on={pinned} disabled={isPending} onClick={() => mutate(!pinned)} aria-label={label} title={label} data-testid="pin"><PinIcon size={15} fill={pinned ? 'currentColor' : 'none'} aria-hidden /></button>
}
