import { useEffect, useId, useRef, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useCan } from '@/api/queries'
import { recordQueries } from '@/api/records'
import { TextArea } from '@/components/antd/controls'
import { Button } from '@/components/ui/Button'
import { textOf, type FormSpec, type Value, type Values } from '../fields'
import { capture, type Captured, type Left } from './capture'
import { filling } from './filling'
import styles from './Capture.module.css'

interface Props { spec: FormSpec; values: Values; set: (key: string, value: Value) => void; close: () => void }
type Outcome = Exclude<Captured, { kind: 'card' }> | { kind: 'filled'; count: number; left: Left[]; before: Record<string, string>; account: string | null }

/** A pasted text into the fields of the form: every one of them may be changed, nothing is written before it is saved. */
export function Capture({ spec, values, set, close }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const area = useRef<HTMLDivElement>(null)
  const queryClient = useQueryClient()
  const [text, setText] = useState('')
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => { area.current?.querySelector('textarea')?.focus({ preventScroll: true }) }, [])

  /** The customer of that very name, where there is one and the form asks for one. */
  const accountOf = async (name: string) => {
    const found = await queryClient.fetchQuery(recordQueries.pick('account', name)).catch(() => [])
    return found.find((account) => account.name === name)?.id ?? null
  }
  const fill = async (pasted: string) => {
    const found = capture(pasted)
    if (found.kind !== 'card') { setOutcome(found); return }
    setBusy(true)
    const { company } = found.card
    const account = company !== undefined && spec.fields.some(({ key }) => key === 'account_id') ? await accountOf(company) : null
    setBusy(false)
    const said = (part: string, value: string) => t('form.capture.said', { part: t(`form.capture.part.${part}`), value })
    const { fields, left } = filling(spec, found, account, said, textOf(values, 'note'))
    const before = Object.fromEntries(Object.keys(fields).map((key) => [key, textOf(values, key)]))
    for (const [key, value] of Object.entries(fields)) set(key, value)
    setOutcome({ kind: 'filled', count: Object.keys(fields).length, left, before, account: account === null && spec.fields.some(({ key }) => key === 'account_id') ? company ?? null : null })
  }
  const takeBack = () => {
    if (outcome?.kind !== 'filled') return
    for (const [key, value] of Object.entries(outcome.before)) set(key, value)
    setOutcome(null)
  }
  return (
    <section className={styles.capture} ref={area} data-testid="capture">
      <label htmlFor={id}>{t('form.capture.label')}</label>
      <TextArea
        id={id} value={text} rows={4} placeholder={t('form.capture.placeholder')} autoComplete="off" spellCheck={false} onChange={(event) => { setText(event.target.value); setOutcome(null) }}
        onPaste={(event) => {
          // A paste into the empty field is meant to be filled in at once.
          const pasted = event.clipboardData.getData('text/plain')
          if (text.trim() === '' && pasted.trim() !== '') { event.preventDefault(); setText(pasted); void fill(pasted) }
        }}
      />
      <div className={styles.buttons}>
        <Button size="small" onClick={() => void fill(text)} loading={busy} disabled={text.trim() === ''}>{t('form.capture.fill')}</Button>
        <Button size="small" type="text" onClick={close}>{t('form.capture.close')}</Button>
      </div>
      <div role="status">{outcome && <Said outcome={outcome} takeBack={takeBack} kind={spec.kind} text={text} />}</div>
    </section>
  )
}

function Said({ outcome, takeBack, kind, text }: { outcome: Outcome; takeBack: () => void; kind: string; text: string }) {
  const { t } = useTranslation()
  const imports = useCan('import')
  if (outcome.kind === 'nothing') return <p>{t('form.capture.nothing')}</p>
  if (outcome.kind !== 'filled') {
    return (
      <p>
        {t(outcome.kind === 'table' ? 'form.capture.table' : 'form.capture.many', { count: outcome.rows })}{' '}
        {imports ? <Link to="/settings/imports" state={{ kind: `${kind}s`, pasted: outcome.kind === 'table' ? text : '' }}>{t('form.capture.import')}</Link> : t('form.capture.no_import')}
      </p>
    )
  }
  return (
    <>
      <p>{t('form.capture.filled', { count: outcome.count })} <Button size="small" type="link" onClick={takeBack}>{t('form.capture.undo')}</Button></p>
      {outcome.account !== null && <p>{t('form.capture.account', { name: outcome.account })}</p>}
      {outcome.left.length > 0 && <p className={styles.left}>{t('form.capture.left')} {outcome.left.map((one, at) => <bdi key={at}>{one.text}</bdi>)}</p>}
    </>
  )
}
