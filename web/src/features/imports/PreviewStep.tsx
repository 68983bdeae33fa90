import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { Segmented } from '@/components/ui/Segmented'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import table from '@/components/ui/table.module.css'
import { cancel, match, start, type FileRow, type ImportRun } from './api'
import { draftOf, mappingOf, setAlias } from './mapping'
import { Rejected } from './Rejected'
import { Unknown } from './Unknown'
import styles from './Imports.module.css'

type Part = 'created' | 'updated' | 'unchanged' | 'rejected'
const PARTS: readonly Part[] = ['created', 'updated', 'unchanged', 'rejected']

/** What an import would do: in numbers, by its first rows, and what could be said of values that are not known. */
export function PreviewStep({ run, set, back }: { run: ImportRun; set: (run: ImportRun) => void; back: () => void }) {
  const { t } = useTranslation()
  const toast = useToast()
  const text = useErrorText()
  const preview = run.preview
  const [draft, setDraft] = useState(() => draftOf(run.mapping))
  const [busy, setBusy] = useState(false)
  const [part, setPart] = useState<Part>(() => (preview && preview.rejected > 0 ? 'rejected' : preview && preview.created > 0 ? 'created' : 'updated'))
  if (!preview) return null
  const changed = JSON.stringify(draft.aliases) !== JSON.stringify(draftOf(run.mapping).aliases)
  const good = preview.created + preview.updated + preview.unchanged
  const act = async (done: () => Promise<ImportRun>) => {
    setBusy(true)
    try {
      set(await done())
    } catch (error) {
      toast({ title: text(error), tone: 'behind' })
      setBusy(false)
    }
  }
  const rows: Record<Exclude<Part, 'rejected'>, FileRow[]> = { created: preview.first_created, updated: preview.first_updated, unchanged: preview.first_unchanged }
  return (
    <>
      <ul className={styles.figures} data-testid="preview">
        {PARTS.map((name) => <li key={name} data-part={name} data-none={preview[name] === 0 || undefined}><b>{formatNumber(String(preview[name]))}</b><span>{t(`imports.would.${name}`)}</span></li>)}
      </ul>
      {preview.unknown.length > 0 && <Unknown run={run} unknown={preview.unknown} aliases={draft.aliases} choose={(column, value, meaning) => setDraft(setAlias(draft, column, value, meaning))} />}
      <Segmented<Part> value={part} onChange={setPart} aria-label={t('imports.first_rows')} className={styles.parts} options={PARTS.map((name) => ({ value: name, label: t(`imports.would.${name}`), disabled: preview[name] === 0 }))} />
      {part === 'rejected'
        ? preview.rejected > 0 && <Rejected run={run} />
        : <FirstRows header={run.header} rows={rows[part]} total={preview[part]} />}
      <div className={styles.actions}>
        <Button onClick={() => void act(() => cancel(run.id))} disabled={busy}>{t('imports.discard')}</Button>
        <Button onClick={back} disabled={busy}>{t('imports.back_to_match')}</Button>
        {changed
          ? <Button type="primary" loading={busy} onClick={() => void act(() => match(run, mappingOf(draft)))}>{t('imports.preview_again')}</Button>
          : <Button type="primary" loading={busy} disabled={good === 0} onClick={() => void act(() => start(run.id))}>{t('imports.start', { count: good, value: formatNumber(String(good)) })}</Button>}
      </div>
      {preview.rejected > 0 && good > 0 && !changed && <p className={styles.small}>{t('imports.rejected_stay', { count: preview.rejected })}</p>}
    </>
  )
}

function FirstRows({ header, rows, total }: { header: string[]; rows: FileRow[]; total: number }) {
  const { t } = useTranslation()
  if (rows.length === 0) return <p className={styles.small}>{t('imports.no_rows')}</p>
  return (
    <>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- columns beside the window are reached with the arrow keys: no cell takes the focus */}
      <div className={table.scroll} role="region" tabIndex={0} aria-label={t('imports.first_rows')}>
        <table className={`${table.table} ${styles.rows}`}>
          <thead><tr><th className={table.num}>{t('imports.line')}</th>{header.map((name) => <th key={name}>{name}</th>)}</tr></thead>
          <tbody>{rows.map((row) => <tr key={row.line}><td className={table.num}>{row.line}</td>{header.map((name, at) => <td key={name}><bdi>{row.cells[at]}</bdi></td>)}</tr>)}</tbody>
        </table>
      </div>
      {total > rows.length && <p className={styles.small}>{t('imports.more_rows', { count: total - rows.length })}</p>}
    </>
  )
}
