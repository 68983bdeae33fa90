import { lazy, Suspense, useEffect, useId, useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from 'react'
import { ClipboardPaste, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { useMe } from '@/api/queries'
import type { RecordData } from '@/api/records'
import { formatMoment } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { BoneRows, useErrorText } from '@/components/ui/States'
import { usePhone } from '@/components/ui/useMediaQuery'
import { withTexts } from '@/locales/i18n'
import { fieldsAt } from './address'
import { ConflictView } from './ConflictView'
import { Duplicates } from './Duplicates'
import { FieldControl } from './FieldControl'
import { isEmpty, shownFields, type Field, type FormSpec, type Values } from './fields'
import { GoneView } from './GoneView'
import { useRecordForm, type RecordFormState, type Saving } from './useRecordForm'
import styles from './Form.module.css'

const Capture = lazy(() => withTexts('sales', import('./capture/Capture')).then((module) => ({ default: module.Capture })))

export interface RecordFormProps {
  spec: FormSpec
  /** Under which name its draft is kept. */
  record: string
  title: string
  initial: Values
  /** Changes that the address asks for: the stage a deal is moved to. */
  overrides?: Values
  etag?: string | null
  /** The record's id where it is there already. */
  editing: string | null
  /** The record that is no duplicate of what is written here; the one that is edited where absent. */
  except?: string | null
  submitLabel: string
  save: (saving: Saving) => Promise<RecordData>
  onSaved: (data: RecordData) => void
  close: () => void
  /** What stands below the fields and is not saved with them: files. */
  extra?: ReactNode
}

/** Quiet beside the button's own name; where motion is reduced Ant Design would leave its sign in the button. */
const MAC = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** One form: fields, what is wrong with them, and one button that saves. */
export function RecordForm(props: RecordFormProps) {
  const { spec, record, initial, overrides, etag = null, editing, save, onSaved, close } = props
  const { t } = useTranslation()
  const id = useId()
  const body = useRef<HTMLDivElement>(null)
  const [asking, setAsking] = useState(false)
  const at = fieldsAt(useLocation().search)
  const form = useRecordForm({ spec, record, initial, overrides, etag, save, editing, onSaved, at })
  useFocus(body, form.tries, form.conflict !== null)
  const gone = form.trouble?.kind === 'gone'

  const submit = () => {
    if (editing && !form.dirty && !form.conflict) { form.forget(); close(); return }
    void form.submit()
  }
  const leave = () => { if (form.dirty && !gone) setAsking(true); else close() }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); if (!gone) submit() }
    else if (event.key === 'Escape' && !event.defaultPrevented && document.activeElement?.getAttribute('aria-expanded') !== 'true') {
      event.preventDefault()
      if (asking) setAsking(false)
      else leave()
    }
  }
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys for the controls inside
    <form className={styles.form} noValidate aria-label={props.title} onKeyDown={onKey} onSubmit={(event: FormEvent) => { event.preventDefault(); if (!gone) submit() }}>
      <header className={styles.head}>
        <h2>{props.title}</h2>
        <button type="button" className={styles.close} onClick={leave} aria-label={t('action.close')}><X size={18} aria-hidden /></button>
      </header>
      <div className={styles.body} ref={body}>
        {form.restored && !gone && <Restored form={form} />}
        {gone && <GoneView fields={form.changed} values={form.values} />}
        {form.conflict && <ConflictView conflict={form.conflict} base={form.base} mine={form.values} choose={form.choose} />}
        {spec.captures && !editing && <Pasted form={form} spec={spec} />}
        {!gone && <Fields form={form} spec={spec} prefix={id} editing={editing} except={props.except ?? editing} />}
        {!gone && props.extra}
      </div>
      <footer className={styles.foot}>
        <Summary form={form} />
        {asking
          ? <Asking form={form} close={close} stay={() => setAsking(false)} />
          : (
            <div className={styles.buttons}>
              <Button className={styles.cancel} onClick={leave}>{t(gone ? 'action.close' : 'form.cancel')}</Button>
              {!gone && <Button type="primary" htmlType="submit" className={styles.save} aria-label={props.submitLabel} loading={form.busy} disabled={form.undecided} title={MAC ? '⌘ Enter' : 'Ctrl Enter'}>{props.submitLabel}</Button>}
            </div>
          )}
      </footer>
    </form>
  )
}

/** Into the first field when it opens, to the first wrong one when it is refused. */
function useFocus(body: React.RefObject<HTMLDivElement | null>, tries: number, conflict: boolean) {
  const phone = usePhone()
  useEffect(() => {
    // On the phone the keyboard would cover half of the form before one has seen it.
    if (!phone) body.current?.querySelector<HTMLElement>('[data-field] input:not([type="radio"]), [data-field] textarea, [data-field] input')?.focus({ preventScroll: true })
  }, [body, phone])
  useEffect(() => {
    if (tries === 0) return
    const wrong = body.current?.querySelector('[data-problem]')
    const control = wrong?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? wrong?.querySelector<HTMLElement>('input, textarea, button')
    control?.focus()
    wrong?.scrollIntoView({ block: 'nearest' })
  }, [body, tries])
  useEffect(() => { if (conflict) body.current?.scrollTo({ top: 0 }) }, [body, conflict])
}

function Fields({ form, spec, prefix, editing, except }: { form: RecordFormState; spec: FormSpec; prefix: string; editing: string | null; except: string | null }) {
  const { t, i18n } = useTranslation()
  // The server's problems are sentences, the browser's own are keys.
  const say = (text: string): string => (i18n.exists(text) ? String(t(text)) : text)
  const [more, setMore] = useState(false)
  const shown = shownFields(spec.fields, form.values).filter((field) => !field.carried)
  const problems = Object.fromEntries(Object.entries(form.problems).map(([place, text]) => [place, say(text)]))
  const wrong = (field: Field) => Object.keys(form.problems).some((place) => place === field.key || place.startsWith(`${field.key}/`))
  const hidden = shown.filter((field) => field.more && isEmpty(form.base[field.key]) && isEmpty(form.values[field.key]) && !wrong(field))
  const visible = more ? shown : shown.filter((field) => !hidden.includes(field))
  const telling = new Set<unknown>(Object.values(spec.duplicates ?? {}))
  const last = visible.reduce((at, field, index) => (telling.has(field.key) ? index : at), -1)
  return (
    <div className={styles.fields}>
      {visible.map((field, index) => [
        <FieldControl key={field.key} field={field} values={form.values} set={form.set} problems={problems} prefix={prefix} editing={editing !== null} busy={form.busy} />,
        index === last && spec.duplicates && <Duplicates key="duplicates" keys={spec.duplicates} values={form.values} except={except} />,
      ])}
      {hidden.length > 0 && !more && <Button type="link" className={styles.more} onClick={() => setMore(true)}>{t('form.more', { count: hidden.length })}</Button>}
    </div>
  )
}

/** A way to fill the form from what somebody has of the person already. */
function Pasted({ form, spec }: { form: RecordFormState; spec: FormSpec }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  if (!open) return <Button size="small" className={styles.paste} icon={<ClipboardPaste size={14} aria-hidden />} onClick={() => setOpen(true)}>{t('form.capture.open')}</Button>
  return <Suspense fallback={<BoneRows rows={3} height={32} />}><Capture spec={spec} values={form.values} set={form.set} close={() => setOpen(false)} /></Suspense>
}

function Restored({ form }: { form: RecordFormState }) {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <div className={styles.restored} role="status">
      <span>{t('form.restored', { time: formatMoment(form.restored ?? '', me.company.timezone) })}</span>
      <Button size="small" type="link" onClick={form.discard}>{t('form.discard')}</Button>
      <button type="button" className={styles.dismiss} aria-label={t('form.keep')} onClick={form.keepRestored}><X size={14} aria-hidden /></button>
    </div>
  )
}

/** What cannot be said at a field. */
function Summary({ form }: { form: RecordFormState }) {
  const { t } = useTranslation()
  const text = useErrorText()
  const { trouble } = form
  if (!trouble || trouble.kind === 'gone') return null
  const lines = trouble.kind === 'error' ? [text(trouble.error)] : [...(trouble.count > 0 ? [t('form.problem.fields', { count: trouble.count })] : []), ...trouble.rest]
  return <div role="alert" className={styles.summary}>{lines.map((line) => <p key={line}>{line}</p>)}</div>
}

function Asking({ form, close, stay }: { form: RecordFormState; close: () => void; stay: () => void }) {
  const { t } = useTranslation()
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => first.current?.focus(), [])
  return (
    <div className={styles.asking} role="alertdialog" aria-label={t('form.unsaved')}>
      <p>{t('form.unsaved')}</p>
      <div className={styles.buttons}>
        <Button danger onClick={() => { form.forget(); close() }}>{t('form.discard')}</Button>
        <Button onClick={close}>{t('form.keep_draft')}</Button>
        <Button type="primary" ref={first} onClick={stay}>{t('form.go_on')}</Button>
      </div>
    </div>
  )
}
