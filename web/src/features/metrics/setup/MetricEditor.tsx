import { useEffect, useMemo, useState } from 'react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { ApiError, send } from '@/api/client'
import { useMe } from '@/api/queries'
import type { components } from '@/api/schema'
import type { Page } from '@/api/types'
import { clearDraft, draftKey, readDraft, writeDraft } from '@/components/form/draft'
import { textOf } from '@/components/form/fields'
import { useWrite } from '@/components/form/useWrite'
import { isZero, subtractDecimal } from '@/components/format/decimal'
import { formatDate, isSinceEver, useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { useDebounced } from '@/components/ui/useDebounced'
import { FigureLink } from '@/components/why/WhyLink'
import { MetricFields } from './MetricFields'
import { EMPTY, readMetric, writeMetric, type MetricForm } from './metricModel'
import styles from './Setup.module.css'

type S = components['schemas']
type Preview = S['MetricPreviewView']
type History = S['MetricHistoryView']

const STALE = [['metrics'], ['metric-values'], ['metric-facts'], ['attainment'], ['why'], ['metric-history'], ['fact-fields']] as const

/** A metric as a sentence, its parts to be changed, and what that does to this month's value. */
export function MetricEditor() {
  const { t } = useTranslation()
  const { code = '' } = useParams()
  const me = useMe()
  const isNew = code === 'new'
  const { data: history, error, refetch } = useQuery({ queryKey: ['metric-history', code], enabled: !isNew, queryFn: async ({ signal }) => (await send<Page<History>>('GET', `/metrics/${encodeURIComponent(code)}/versions`, { signal })).data.items })
  const from = `${me.company.today.slice(0, 7)}-01`
  const newest = history?.[0]
  const initial = useMemo(() => {
    if (isNew) return EMPTY(from)
    const read = newest && readMetric(newest.source)
    return read ? { ...read, from } : null
  }, [from, isNew, newest])
  const title = isNew ? t('setup.metrics.new') : t('setup.metrics.edit')
  return (
    <>
      <SettingsHeader title={title} back="/settings/metrics" />
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : !isNew && !history ? <BoneRows rows={9} /> : !initial
        ? <Empty title={t('setup.metrics.by_file')}>{t('setup.metrics.by_file_help')}</Empty>
        : <Editor key={`${code} ${newest?.version ?? 0}`} initial={initial} history={history ?? []} isNew={isNew} />}
    </>
  )
}

function Editor({ initial, history, isNew }: { initial: MetricForm; history: History[]; isNew: boolean }) {
  const { t } = useTranslation()
  const me = useMe()
  const toast = useToast()
  const navigate = useNavigate()
  const store = draftKey(me.user_id, 'metric', isNew ? 'new' : initial.code)
  const [form, setForm] = useState<MetricForm>(() => { const draft = readDraft(store, new Date()); return draft ? JSON.parse(textOf(draft.values, 'form')) as MetricForm : initial })
  const [reason, setReason] = useState('')
  const { busy, problems, write } = useWrite(STALE)
  const source = writeMetric(form)
  const dirty = source !== writeMetric(initial)
  useEffect(() => {
    if (dirty) writeDraft(store, { values: { form: JSON.stringify(form) }, base: {}, etag: null, key: '', at: new Date().toISOString() })
    else clearDraft(store)
  }, [dirty, form, store])
  const rested = useDebounced(source, 350)
  const { data: preview, error, isPlaceholderData } = useQuery({
    queryKey: ['metric-preview', rested], placeholderData: keepPreviousData, retry: false, staleTime: 60_000,
    queryFn: async ({ signal }) => (await send<Preview>('POST', '/metrics/previews', { body: { source: rested }, signal })).data,
  })
  const mistakes = error instanceof ApiError ? error.errors.map(({ detail }) => detail) : []
  const publish = async () => {
    const done = await write(() => send<{ version: number; unchanged: boolean }>('POST', '/metrics', { body: { source, ...(reason.trim() ? { reason: reason.trim() } : {}) } }))
    if (!done) return
    clearDraft(store)
    toast({ title: t(done.data.unchanged ? 'setup.metrics.unchanged' : 'setup.metrics.published', { version: done.data.version }), tone: 'ahead' })
    void navigate(`/metrics/${form.code}`)
  }
  const refused = Object.values(problems)
  return (
    <div className={styles.editor}>
      <form onSubmit={(event) => { event.preventDefault(); void publish() }}>
        <Sentence preview={preview ?? null} old={isPlaceholderData || error !== null} name={{ zh: form.zh, en: form.en }} />
        {(mistakes.length > 0 || refused.length > 0) && dirty && <ul className={styles.mistakes} role="alert">{[...new Set([...refused, ...mistakes])].map((text) => <li key={text}>{text}</li>)}</ul>}
        <MetricFields form={form} change={setForm} isNew={isNew} reason={reason} setReason={setReason} />
        <div className={styles.buttons}>
          {dirty && <Button onClick={() => setForm(initial)}>{t('setup.discard')}</Button>}
          <Button type="primary" htmlType="submit" loading={busy} disabled={!dirty || mistakes.length > 0}>{t('setup.metrics.publish', { version: preview?.version ?? 1, date: form.from })}</Button>
        </div>
      </form>
      <aside className={styles.side}>
        <Difference preview={error ? null : preview ?? null} />
        {history.length > 0 && <HistoryList history={history} />}
      </aside>
    </div>
  )
}

/** What is counted, in both languages, as the server says it. */
function Sentence({ preview, old, name }: { preview: Preview | null; old: boolean; name: { zh: string; en: string } }) {
  const { t } = useTranslation()
  const { locale } = useFormat()
  const [own, other] = locale === 'en' ? ['en', 'zh'] as const : ['zh', 'en'] as const
  return (
    <div className={styles.sentence} data-old={old} aria-live="polite">
      <strong>{name[own] || t('setup.metrics.unnamed')}</strong>{t('colon')}{preview?.definition[own] ?? t('setup.metrics.unfinished')}
      {preview && <small lang={other === 'zh' ? 'zh-CN' : 'en'}>{[name[other], preview.definition[other]].filter(Boolean).join(other === 'zh' ? '：' : ': ')}</small>}
    </div>
  )
}

/** This month's value as it is and as it would be. */
function Difference({ preview }: { preview: Preview | null }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <>
      <h2>{preview ? t('setup.metrics.value_of', { period: format.period(preview.period), subject: preview.subject }) : t('setup.metrics.value')}</h2>
      {!preview ? <p className={styles.note}>{t('setup.metrics.no_value')}</p> : (
        <>
          <div className={styles.values2}>
            {preview.before && <div><small>{t('setup.metrics.before')}</small><b><FigureLink figure={preview.before} /></b></div>}
            <div><small>{t('setup.metrics.after')}</small><b>{format.value(preview.after.value, preview.after.unit, preview.after.currency)}</b></div>
          </div>
          <p className={styles.difference}>
            {preview.before?.value != null && preview.after.value != null && !isZero(subtractDecimal(preview.after.value, preview.before.value)) && <>{t('setup.metrics.difference', { value: signed(subtractDecimal(preview.after.value, preview.before.value), (value) => format.value(value, preview.after.unit, preview.after.currency)) })}{' · '}</>}
            {t('setup.metrics.facts', { before: preview.facts_before ?? 0, after: preview.facts_after })}
          </p>
        </>
      )}
    </>
  )
}

const signed = (value: string, show: (value: string) => string) => (value.startsWith('-') ? show(value) : `+${show(value)}`)

function HistoryList({ history }: { history: History[] }) {
  const { t } = useTranslation()
  return (
    <>
      <h2>{t('setup.metrics.history')}</h2>
      <ul className={styles.history}>
        {history.map((version) => (
          <li key={version.version}>
            <strong>{t('version.nth', { version: version.version })}</strong><small>{isSinceEver(version.from) ? t('version.always') : t('version.since', { date: formatDate(version.from) })}</small>
            <p>{version.definition_text}</p>
            {(version.reason ?? version.published_by) && <p>{[version.published_by, version.reason].filter(Boolean).join(' · ')}</p>}
          </li>
        ))}
      </ul>
    </>
  )
}
