import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import { Select } from '@/components/antd/Select'
import { Input } from '@/components/antd/controls'
import { Button } from '@/components/ui/Button'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import table from '@/components/ui/table.module.css'
import { cancel, match, type ImportColumn, type ImportRun } from './api'
import { daysMeanTwo, draftOf, mappingOf, missing, setColumn, unused, type Draft } from './mapping'
import styles from './Imports.module.css'

/** Same in every row: no column of the file. */
const CONSTANT = '\u0000constant'
const EXAMPLES = 3

/** Which of the file's columns is which of ours, beside what stands in it. */
export function MatchStep({ run, matched }: { run: ImportRun; matched: (run: ImportRun) => void }) {
  const { t } = useTranslation()
  const toast = useToast()
  const text = useErrorText()
  const [draft, setDraft] = useState(() => draftOf(run.mapping))
  const [busy, setBusy] = useState(false)
  const lacking = missing(run, draft)
  const left = unused(run, draft)
  const act = async (done: () => Promise<ImportRun>) => {
    setBusy(true)
    try {
      matched(await done())
    } catch (error) {
      const first = error instanceof ApiError ? error.errors[0]?.detail : undefined
      toast({ title: first ?? text(error), tone: 'behind' })
      setBusy(false)
    }
  }
  return (
    <>
      <p className={styles.help}>{t(Object.values(run.columns).some(({ found }) => found === 'before') ? 'imports.match_before' : 'imports.match_help', { count: run.total })}</p>
      <div className={table.scroll}>
        <table className={`${table.table} ${styles.match}`}>
          <thead><tr><th>{t('imports.ours')}</th><th>{t('imports.theirs')}</th><th className={styles.wide}>{t('imports.examples')}</th></tr></thead>
          <tbody>{run.columns.map((column) => <ColumnRow key={column.name} column={column} run={run} draft={draft} setDraft={setDraft} />)}</tbody>
        </table>
      </div>
      {daysMeanTwo(run, draft) && <Days draft={draft} setDraft={setDraft} />}
      {left.length > 0 && <p className={styles.small}>{t('imports.unused', { columns: left.join(t('list_separator')) })}</p>}
      {lacking.length > 0 && <p className={styles.problem} role="alert">{t('imports.lacking', { columns: lacking.join(t('list_separator')) })}</p>}
      <div className={styles.actions}>
        <Button onClick={() => void act(() => cancel(run.id))} disabled={busy}>{t('imports.discard')}</Button>
        <Button type="primary" loading={busy} disabled={lacking.length > 0} onClick={() => void act(() => match(run, mappingOf(draft)))}>{t('imports.preview')}</Button>
      </div>
    </>
  )
}

function ColumnRow({ column, run, draft, setDraft }: { column: ImportColumn; run: ImportRun; draft: Draft; setDraft: (draft: Draft) => void }) {
  const { t } = useTranslation()
  const id = useId()
  const theirs = draft.columns[column.name]
  const constant = draft.constants[column.name]
  const at = theirs === undefined ? -1 : run.header.indexOf(theirs)
  const examples = at < 0 ? [] : [...new Set(run.sample.map((row) => (row[at] ?? '').trim()).filter(Boolean))].slice(0, EXAMPLES)
  const value = constant !== undefined ? CONSTANT : theirs ?? ''
  // A text with columns in braces came with a mapping file; it stays selectable as it is.
  const made = theirs !== undefined && at < 0 ? [{ value: theirs, label: theirs }] : []
  const options = [{ value: '', label: t('imports.no_column') }, ...made, ...run.header.map((name) => ({ value: name, label: name })), { value: CONSTANT, label: t('imports.constant') }]
  const change = (next: string) => setDraft(setColumn(draft, column.name, next === '' ? null : next === CONSTANT ? { constant: '' } : { theirs: next }))
  return (
    <tr>
      <td>
        <label htmlFor={id} className={styles.ours}>{column.label}{column.needed && <span className={styles.needed} aria-label={t('imports.needed')}>*</span>}</label>
        {column.found === 'values' && theirs !== undefined && <span className={styles.sub}>{t('imports.by_values')}</span>}
      </td>
      <td>
        <Select id={id} value={value} onChange={change} showSearch options={options} className={styles.theirs} popupMatchSelectWidth={false} />
        {constant !== undefined && <Input value={constant} onChange={(event) => setDraft(setColumn(draft, column.name, { constant: event.target.value }))} aria-label={t('imports.constant_of', { column: column.label })} placeholder={t('imports.constant_value')} className={styles.constant} />}
      </td>
      <td className={`${styles.wide} ${styles.examples}`}>{examples.map((example) => <bdi key={example}>{example}</bdi>)}</td>
    </tr>
  )
}

function Days({ draft, setDraft }: { draft: Draft; setDraft: (draft: Draft) => void }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <p className={styles.days}>
      <label htmlFor={id}>{t('imports.days')}</label>
      <Select<Draft['dates']> id={id} value={draft.dates} onChange={(dates) => setDraft({ ...draft, dates })} className={styles.theirs} options={(['ymd', 'dmy', 'mdy'] as const).map((value) => ({ value, label: t(`imports.day.${value}`) }))} />
    </p>
  )
}
