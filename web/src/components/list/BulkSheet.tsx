import { useMemo, useState } from 'react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/api/queries'
import { Select } from '@/components/antd/Select'
import { FieldControl } from '@/components/form/FieldControl'
import { ValueText } from '@/components/form/ValueText'
import { KnownNames } from '@/components/form/context'
import { textOf, type Field, type Values } from '@/components/form/fields'
import { fromView, toWire } from '@/components/form/values'
import { Button } from '@/components/ui/Button'
import { BoneRows, useErrorText } from '@/components/ui/States'
import { useDebounced } from '@/components/ui/useDebounced'
import { bulkEdit, forMany, type BulkAnswer, type BulkEdit } from './bulk'
import type { ListKind, Row } from './model'
import { Sheet } from './Sheet'
import { useBulk } from './useBulk'
import styles from './Bulk.module.css'

interface Props<T extends Row> { kind: ListKind<T>; rows: T[]; names: ReadonlyMap<string, string>; close: () => void; done: () => void }

/** One field of many records: what would become of each is shown before anything is written. */
export function BulkSheet<T extends Row>({ kind, rows, names, close, done }: Props<T>) {
  const { t } = useTranslation()
  const text = useErrorText()
  const run = useBulk(kind)
  const { timezone } = useMe().company
  const { data: fields } = useQuery({ queryKey: ['bulk-fields', kind.kind], queryFn: async () => forMany(await (kind.bulk?.fields() ?? Promise.resolve([])), kind.bulk?.keys ?? []), staleTime: Infinity })
  const [key, setKey] = useState<string | null>(null)
  const [values, setValues] = useState<Values>({})
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const field = fields?.find((one) => one.key === key) ?? null
  const edits = useMemo(() => (field ? rows.map((row): BulkEdit => ({ id: row.id, version: row.version ?? 1, fields: { [field.key]: toWire(field, values[field.key], timezone) } })) : []), [field, rows, timezone, values])
  const settled = useDebounced(edits, 300)
  const { data: preview, error, isFetching } = useQuery({
    queryKey: ['bulk-preview', kind.kind, settled], queryFn: ({ signal }) => bulkEdit(kind.kind, settled, true, signal), enabled: settled.length > 0, placeholderData: keepPreviousData, staleTime: 0, gcTime: 0,
  })
  const waiting = isFetching || settled !== edits
  const count = preview?.changed.length ?? 0
  const known = useMemo(() => Object.fromEntries(names), [names])

  const apply = async () => {
    if (!field || busy) return
    setBusy(true)
    setFailure(null)
    try {
      await run(edits, [field.key])
      done()
    } catch (problem) {
      setFailure(problem)
      setBusy(false)
    }
  }
  const trouble = failure ?? error
  return (
    <Sheet
      title={t('bulk.title', { count: rows.length })} close={close}
      foot={<><Button onClick={close}>{t('board.cancel')}</Button><Button type="primary" disabled={!field || waiting || count === 0} loading={busy} onClick={() => void apply()}>{t('bulk.apply', { count })}</Button></>}
    >
        <KnownNames value={known}>
          <div className={styles.form}>
            <label className={styles.label} htmlFor="bulk-field">{t('bulk.field')}</label>
            <Select
              id="bulk-field" autoFocus value={key ?? undefined} placeholder={t('bulk.choose_field')} options={(fields ?? []).map((one) => ({ value: one.key, label: t(one.label) }))}
              onChange={(next: string) => { setKey(next); setValues({}) }} className={styles.wide}
            />
            {field && <FieldControl key={field.key} field={{ ...field, half: false, required: false }} values={values} set={(name, value) => setValues({ [name]: value })} problems={{}} prefix="bulk" editing={false} busy={busy} />}
            {field && textOf(values, field.key) === '' && <p className={styles.note}>{t('bulk.empties')}</p>}
          </div>
          {trouble ? <p role="alert" className={styles.alert}>{text(trouble)}</p> : null}
          {field && !preview && !trouble && <BoneRows rows={Math.min(rows.length, 4)} height={30} />}
          {field && preview && <Preview preview={preview} field={field} rows={rows} timezone={timezone} old={waiting} title={(row) => kind.title(row as T)} />}
        </KnownNames>
    </Sheet>
  )
}

/** Rows that are shown of each part; the rest is counted. */
const SHOWN = 50

function Preview({ preview, field, rows, timezone, old, title }: { preview: BulkAnswer; field: Field; rows: Row[]; timezone: string; old: boolean; title: (row: Row) => string }) {
  const { t } = useTranslation()
  const { changed, unchanged, refused } = preview
  const named = (id: string) => { const row = rows.find((one) => one.id === id); return row ? title(row) : '\u2014' }
  return (
    <section className={styles.preview} aria-label={t('bulk.preview')} aria-busy={old} data-old={old}>
      <p aria-live="polite" className={styles.sums}>
        <b>{t('bulk.will_change', { count: changed.length })}</b>
        {unchanged.length > 0 && <span>{t('bulk.is_so', { count: unchanged.length })}</span>}
        {refused.length > 0 && <span className={styles.refused}>{t('bulk.refused', { count: refused.length })}</span>}
      </p>
      <ul>
        {refused.slice(0, SHOWN).map(({ id, problem }) => <li key={id} className={styles.row}><span>{named(id)}</span><em>{problem.errors?.[0]?.detail ?? problem.detail}</em></li>)}
        {changed.slice(0, SHOWN).map(({ id, before, after }) => (
          <li key={id} className={styles.row}>
            <span>{named(id)}</span>
            <small><ValueText field={field} values={fromView([field], before, timezone)} /> → <b><ValueText field={field} values={fromView([field], after, timezone)} /></b></small>
          </li>
        ))}
      </ul>
      {changed.length > SHOWN && <p className={styles.note}>{t('bulk.more', { count: changed.length - SHOWN })}</p>}
    </section>
  )
}
