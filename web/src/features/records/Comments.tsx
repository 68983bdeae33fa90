import { useRef, useState, type KeyboardEvent } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { requestKey } from '@/api/client'
import { useMe } from '@/api/queries'
import { addComment, changeComment, recordQueries, removeComment, type TimelineItem } from '@/api/records'
import type { RecordRef } from '@/api/types'
import { Mentions, TextArea } from '@/components/antd/controls'
import { clearDraft, draftKey, readDraft, writeDraft } from '@/components/form/draft'
import { Button } from '@/components/ui/Button'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { usePhone } from '@/components/ui/useMediaQuery'
import styles from './Timeline.module.css'

const sends = (event: KeyboardEvent) => event.key === 'Enter' && (event.ctrlKey || event.metaKey)

/** Runs a write once at a time; what fails is said. */
function useWrite() {
  const toast = useToast()
  const text = useErrorText()
  const queryClient = useQueryClient()
  const [busy, setBusy] = useState(false)
  const write = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (busy) return false
    setBusy(true)
    try {
      await work()
      await queryClient.invalidateQueries({ queryKey: ['record', 'timeline'] })
      return true
    } catch (error) {
      toast({ title: text(error), tone: 'behind' })
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, write }
}

/** Who may be named at a record. */
function useReaders(record: RecordRef): { id: string; name: string }[] {
  return useQuery(recordQueries.readers(record.type, record.id)).data ?? []
}

/** The people whom a text names. */
const named = (text: string, readers: { id: string; name: string }[]) => readers.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id)

/** What one has to say; it is kept until it is sent. */
export function CommentBox({ record }: { record: RecordRef }) {
  const { t } = useTranslation()
  const me = useMe()
  const phone = usePhone()
  const store = draftKey(me.user_id, 'comment', record.id)
  const [text, setText] = useState(() => { const kept = readDraft(store, new Date())?.values.text; return typeof kept === 'string' ? kept : '' })
  const key = useRef(requestKey())
  const { busy, write } = useWrite()
  const readers = useReaders(record)
  // Whoever was sent here to say something begins at once.
  const asked = useSearchParams()[0].has('comment')
  const type = (next: string) => {
    setText(next)
    if (next.trim()) writeDraft(store, { values: { text: next }, base: {}, etag: null, key: key.current, at: new Date().toISOString() })
    else clearDraft(store)
  }
  const submit = async () => {
    if (!text.trim()) return
    if (await write(() => addComment(record, text.trim(), key.current, named(text, readers)))) { type(''); key.current = requestKey() }
  }
  return (
    <div className={styles.box}>
      <Mentions
        aria-label={t('record.comment.label')} placeholder={t(phone ? 'record.comment.placeholder_touch' : 'record.comment.placeholder')} dir="auto" autoSize={{ minRows: 1, maxRows: 8 }} value={text} disabled={busy} autoFocus={asked} placement="bottom"
        options={readers.map(({ id, name }) => ({ key: id, value: name, label: name }))} notFoundContent={t('record.comment.nobody')}
        onChange={type} onKeyDown={(event) => { if (sends(event)) { event.preventDefault(); void submit() } }}
      />
      {text.trim() && <Button loading={busy} onClick={() => void submit()}>{t('record.comment.send')}</Button>}
    </div>
  )
}

/** One's own comment can be put in other words, and taken away. */
export function OwnComment({ item, record, editing, setEditing }: { item: TimelineItem; record: RecordRef; editing: boolean; setEditing: (editing: boolean) => void }) {
  const { t } = useTranslation()
  const toast = useToast()
  const [text, setText] = useState(item.text ?? '')
  const { busy, write } = useWrite()
  const readers = useReaders(record)
  const save = async () => { if (text.trim() && await write(() => changeComment(item.id, text.trim(), `"${item.version ?? 0}"`, named(text, readers)))) setEditing(false) }
  const remove = async () => {
    const said = item.text ?? ''
    if (await write(() => removeComment(item.id))) toast({ title: t('record.comment.removed'), action: { label: t('record.undo'), run: () => void write(() => addComment(record, said, requestKey())) } })
  }
  if (!editing) {
    return (
      <p className={styles.own}>
        <button type="button" onClick={() => { setText(item.text ?? ''); setEditing(true) }}>{t('record.comment.edit')}</button>
        <button type="button" disabled={busy} onClick={() => void remove()}>{t('record.comment.remove')}</button>
      </p>
    )
  }
  return (
    <div className={styles.box}>
      <TextArea
        autoFocus aria-label={t('record.comment.label')} dir="auto" autoSize={{ minRows: 1, maxRows: 8 }} value={text} disabled={busy} onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (sends(event)) { event.preventDefault(); void save() } else if (event.key === 'Escape') { event.preventDefault(); setEditing(false) }
        }}
      />
      <Button loading={busy} onClick={() => void save()}>{t('record.comment.save')}</Button>
    </div>
  )
}
