import { useState } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { getUrl, send } from '@/api/client'
import { useCan, useMe } from '@/api/queries'
import type { RecordRef } from '@/api/types'
import { attach } from '@/components/form/files'
import { FilePicker } from '@/components/form/FilePicker'
import { formatMoment } from '@/components/format/format'
import { BoneRows, useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { contentOf, type Attachment } from './attachments'
import { Thumbnails } from './Thumbnails'
import part from './RecordView.module.css'
import styles from './Attachments.module.css'

/** The files of a record: seen, added, removed and brought back. */
export function Attachments({ record: { type, id }, closed }: { record: RecordRef; /** It was put away: nothing is added to it. */ closed: boolean }) {
  const { t } = useTranslation()
  const me = useMe()
  const may = useCan('comment')
  const toast = useToast()
  const text = useErrorText()
  const queryClient = useQueryClient()
  const [sending, setSending] = useState<string | null>(null)
  const key = ['record', 'attachments', type, id]
  const { data, error } = useQuery({ queryKey: key, queryFn: async ({ signal }) => (await getUrl<{ items: Attachment[] }>(`/api/v1/records/${type}/${id}/attachments`, signal)).items })
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['record'] })
  const add = async (files: readonly File[]) => {
    for (const file of files) {
      setSending(file.name)
      try { await attach(type, id, file) } catch (failed) { toast({ title: text(failed), tone: 'behind' }) }
    }
    setSending(null)
    await refresh()
  }
  const undo = async (file: Attachment) => { await send('POST', `/attachments/${file.id}/restoration`); await refresh() }
  const remove = async (file: Attachment) => {
    try {
      await send('DELETE', `/attachments/${file.id}`, { etag: `"${file.version}"` })
      await refresh()
      toast({ title: t('attachments.removed', { name: file.file_name }), action: { label: t('attachments.undo'), run: () => void undo(file) } })
    } catch (failed) {
      toast({ title: text(failed), tone: 'behind' })
    }
  }
  if (error || (data?.length === 0 && (closed || !may))) return null
  return (
    <section className={part.part} data-testid="attachments">
      <h3>{t('attachments.title')}</h3>
      {!data && <BoneRows rows={1} height={40} />}
      {data?.map((file) => (
        <div key={file.id} className={styles.row}>
          <Thumbnails files={[file]} />
          <div className={styles.about}>
            <a href={contentOf(file)} target="_blank" rel="noreferrer"><bdi>{file.file_name}</bdi></a>
            <small><bdi>{file.author}</bdi> · {formatMoment(file.created_at, me.company.timezone)}</small>
          </div>
          {file.own && <button type="button" className={styles.remove} onClick={() => void remove(file)} aria-label={`${t('attachments.remove')} ${file.file_name}`} title={t('attachments.remove')}><Trash2 size={15} aria-hidden /></button>}
        </div>
      ))}
      {sending && <p role="status" className={styles.sending}>{t('attachments.uploading', { name: sending })}</p>}
      {may && !closed && !sending && <FilePicker files={[]} change={(files) => void add(files)} />}
    </section>
  )
}
