import { useId, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import { Input } from '@/components/antd/controls'
import { Sheet } from '@/components/list/Sheet'
import { ChoiceSelect, OwnerSelect, TeamSelect } from '@/components/list/selects'
import { Button } from '@/components/ui/Button'
import { useErrorText } from '@/components/ui/States'
import { Toggle } from '@/components/ui/Toggle'
import styles from './Form.module.css'

/** A field of a small form; what it holds is text, a toggle's is `true` or empty. */
export interface SmallField {
  key: string
  /** What it is called, in the reader's language. */
  label: string
  kind: 'text' | 'email' | 'tel' | 'date' | 'integer' | 'choice' | 'person' | 'team' | 'toggle'
  required?: boolean
  half?: boolean
  help?: string
  options?: readonly { value: string; label: string }[]
  /** The name of the person that is chosen already. */
  named?: string
  /** Where the server points when it is wrong, if that is not `key`. */
  pointer?: string
}

export type SmallValues = Readonly<Record<string, string>>

/** The fields that differ from what was there, as they are sent: what was emptied is null. */
export function changedBody(before: SmallValues, after: SmallValues): Record<string, string | null> {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => value.trim() !== (before[key] ?? '')).map(([key, value]) => [key, value.trim() || null]))
}

interface FormProps { fields: readonly SmallField[]; initial: SmallValues; save: (values: SmallValues) => Promise<unknown>; saveLabel: string }

/** Fields, what is wrong with them, and one button. */
function useSmallForm({ fields, initial, save }: Omit<FormProps, 'saveLabel'>) {
  const { t } = useTranslation()
  const text = useErrorText()
  const [values, setValues] = useState(initial)
  const [problems, setProblems] = useState<SmallValues>({})
  const [rest, setRest] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const prefix = useId()
  const set = (key: string, value: string) => setValues((before) => ({ ...before, [key]: value }))

  const explain = (error: unknown) => {
    const errors = error instanceof ApiError ? error.errors : []
    const at: Record<string, string> = {}
    const others: string[] = []
    for (const { pointer, detail } of errors) {
      const name = pointer.replace(/^\//, '')
      const field = fields.find((one) => (one.pointer ?? one.key) === name)
      if (field) at[field.key] = detail
      else others.push(detail)
    }
    setProblems(at)
    // A conflict says what it is in the way of; the code alone would not.
    const conflict = error instanceof ApiError && error.status === 409 ? error.detail : null
    setRest(others.length > 0 ? others.join(' ') : errors.length > 0 ? null : conflict ?? text(error))
    const first = fields.find((field) => at[field.key])
    if (first) document.getElementById(`${prefix}-${first.key}`)?.focus()
  }
  const submit = async (event?: FormEvent) => {
    event?.preventDefault()
    const missing = fields.filter((field) => field.required && !values[field.key]?.trim())
    setProblems(Object.fromEntries(missing.map((field) => [field.key, t('form.problem.required')])))
    setRest(null)
    if (missing[0]) { document.getElementById(`${prefix}-${missing[0].key}`)?.focus(); return }
    setBusy(true)
    try {
      await save(values)
    } catch (error) {
      explain(error)
    } finally {
      setBusy(false)
    }
  }
  const body = (
    <>
      {rest && <p role="alert" className={styles.summary}>{rest}</p>}
      <div className={styles.fields}>
        {fields.map((field) => <SmallFieldRow key={field.key} field={field} id={`${prefix}-${field.key}`} value={values[field.key] ?? ''} set={set} problem={problems[field.key]} disabled={busy} />)}
      </div>
    </>
  )
  return { values, body, submit, busy }
}

/** A small form over the page. */
export function SheetForm({ title, close, saveLabel, note, side, ...form }: FormProps & { title: string; close: () => void; note?: React.ReactNode; side?: boolean }) {
  const { t } = useTranslation()
  const { body, submit, busy } = useSmallForm(form)
  const id = useId()
  const foot = <><Button onClick={close}>{t('form.cancel')}</Button><Button type="primary" htmlType="submit" form={id} loading={busy}>{saveLabel}</Button></>
  return (
    <Sheet title={title} close={close} foot={foot} side={side}>
      <form id={id} onSubmit={(event) => void submit(event)} noValidate>{note}{body}</form>
    </Sheet>
  )
}

/** A small form as a part of a page; the button waits for a change. */
export function PageForm({ saveLabel, ...form }: FormProps) {
  const { values, body, submit, busy } = useSmallForm(form)
  const changed = Object.keys(changedBody(form.initial, values)).length > 0
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      {body}
      <div className={styles.pageFoot}><Button type="primary" htmlType="submit" loading={busy} disabled={!changed}>{saveLabel}</Button></div>
    </form>
  )
}

function SmallFieldRow({ field, id, value, set, problem, disabled }: { field: SmallField; id: string; value: string; set: (key: string, value: string) => void; problem?: string; disabled: boolean }) {
  const grouped = field.kind === 'choice' || field.kind === 'person' || field.kind === 'team'
  const required = field.required && <span className={styles.required} aria-hidden="true">*</span>
  const hint = problem ? `${id}-problem` : field.help ? `${id}-help` : undefined
  return (
    <div className={styles.field} data-half={field.half || undefined} data-field={field.key}>
      {field.kind !== 'toggle' && (grouped ? <span className={styles.label}>{field.label}{required}</span> : <label className={styles.label} htmlFor={id}>{field.label}{required}</label>)}
      <SmallControl field={field} id={id} value={value} change={(next) => set(field.key, next)} hint={hint} invalid={Boolean(problem)} disabled={disabled} />
      {field.help && !problem && <p className={styles.help} id={`${id}-help`}>{field.help}</p>}
      {problem && <p className={styles.problem} id={`${id}-problem`}>{problem}</p>}
    </div>
  )
}

const MODES = { text: undefined, email: 'email', tel: 'tel', date: undefined, integer: 'numeric' } as const

function SmallControl({ field, id, value, change, hint, invalid, disabled }: { field: SmallField; id: string; value: string; change: (value: string) => void; hint?: string; invalid: boolean; disabled: boolean }) {
  const { kind, label } = field
  const chosen = { label, value: value || undefined, choose: (next: string | undefined) => change(next ?? ''), wide: true }
  switch (kind) {
    case 'choice': return <ChoiceSelect {...chosen} options={field.options ?? []} clearable={!field.required} />
    case 'team': return <TeamSelect {...chosen} />
    case 'person': return <OwnerSelect {...chosen} names={new Map(field.named ? [[value, field.named]] : [])} />
    case 'toggle': return <Toggle id={id} label={label} on={value === 'true'} change={(on) => change(on ? 'true' : '')} disabled={disabled} describedBy={hint} />
    default: return <Input id={id} value={value} type={kind === 'integer' ? 'text' : kind} inputMode={MODES[kind]} autoComplete="off" disabled={disabled} aria-invalid={invalid || undefined} aria-describedby={hint} status={invalid ? 'error' : undefined} onChange={(event) => change(event.target.value)} />
  }
}
