import { useId, useRef, useState, type DragEvent } from 'react'
import { FileUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { useCan } from '@/api/queries'
import { upload } from '@/api/upload'
import { Select } from '@/components/antd/Select'
import { Progress, TextArea } from '@/components/antd/controls'
import { Button } from '@/components/ui/Button'
import { useErrorText } from '@/components/ui/States'
import { IMPORT_KINDS, type ImportKind, type ImportRun } from './api'
import styles from './Imports.module.css'

/** The largest file the server takes, bytes. */
const MOST_BYTES = 100 * 1024 * 1024

/** The first step: what it is, and the file or a table pasted from a spreadsheet. */
export function NewImport() {
  const { t } = useTranslation()
  const id = useId()
  const navigate = useNavigate()
  const text = useErrorText()
  const people = useCan('manage_people')
  const products = useCan('manage_catalog')
  // A form sends here what was pasted into it and is a table.
  const { state } = useLocation() as { state: { kind?: string; pasted?: string } | null }
  const [kind, setKind] = useState<ImportKind>(IMPORT_KINDS.find((one) => one === state?.kind) ?? 'accounts')
  const [pasting, setPasting] = useState(Boolean(state?.pasted))
  const [pasted, setPasted] = useState(state?.pasted ?? '')
  const [share, setShare] = useState<number | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [over, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const kinds = IMPORT_KINDS.filter((one) => (one === 'people' ? people : one === 'products' ? products : true))

  const sendFile = async (file: File) => {
    setProblem(null)
    if (file.size > MOST_BYTES) { setProblem(t('imports.too_large')); return }
    const form = new FormData()
    form.append('kind', kind)
    form.append('file', file, file.name)
    setShare(0)
    try {
      const run = await upload<ImportRun>('/import-runs', form, setShare)
      await navigate(`/settings/imports/${run.id}`)
    } catch (error) {
      setProblem(text(error))
      setShare(null)
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer.files[0]
    if (file) void sendFile(file)
  }
  const busy = share !== null
  return (
    <section className={styles.fresh} aria-label={t('imports.new')}>
      <div className={styles.what}>
        <label htmlFor={`${id}-kind`}>{t('imports.what')}</label>
        <Select<ImportKind> id={`${id}-kind`} value={kind} onChange={setKind} disabled={busy} className={styles.kind} options={kinds.map((value) => ({ value, label: t(`imports.kind.${value}`) }))} />
      </div>
      <div className={styles.drop} data-over={over} onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}>
        {busy
          ? <div className={styles.sending} role="status"><span>{t(share < 1 ? 'imports.sending' : 'imports.reading')}</span><Progress percent={Math.round(share * 100)} showInfo={false} size="small" /></div>
          : pasting
            ? (
              <div className={styles.paste}>
                <TextArea value={pasted} onChange={(event) => setPasted(event.target.value)} autoFocus rows={6} aria-label={t('imports.paste_here')} placeholder={t('imports.paste_here')} className={styles.pasted} />
                <div className={styles.buttons}>
                  <Button onClick={() => setPasting(false)}>{t('form.cancel')}</Button>
                  <Button type="primary" disabled={pasted.trim() === ''} onClick={() => void sendFile(new File([pasted], t('imports.pasted_name'), { type: 'text/tab-separated-values' }))}>{t('imports.next')}</Button>
                </div>
              </div>
            )
            : (
              <>
                <FileUp size={26} strokeWidth={1.4} aria-hidden />
                <p>{t('imports.drop')}</p>
                <div className={styles.buttons}>
                  <Button type="primary" onClick={() => input.current?.click()}>{t('imports.choose')}</Button>
                  <Button onClick={() => setPasting(true)}>{t('imports.paste')}</Button>
                </div>
                <p className={styles.small}>{t('imports.forms')}</p>
              </>
            )}
        <input ref={input} type="file" hidden accept=".csv,.tsv,.txt,.xlsx" data-testid="import-file" aria-label={t('imports.choose')} onChange={(event) => { const file = event.target.files?.[0]; event.target.value = ''; if (file) void sendFile(file) }} />
      </div>
      {problem && <p role="alert" className={styles.problem}>{problem}</p>}
    </section>
  )
}
