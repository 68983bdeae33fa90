import { useId, useState } from 'react'
import { useMe } from '@/api/queries'
import { Select } from '@/components/antd/Select'
import { Input, TextArea } from '@/components/antd/controls'
import { currencySymbol, formatNumber, useFormat } from '@/components/format/format'
import type { ControlProps } from './context'
import { readNumber } from './money'
import styles from './Form.module.css'

export function TextControl({ id, value, change, disabled, invalid, describedBy, label, type = 'text', mode, long = false, hint }: ControlProps & { type?: string; hint?: string; mode?: 'tel' | 'email' | 'decimal' | 'numeric'; long?: boolean }) {
  const common = { id, value, disabled, 'aria-invalid': invalid || undefined, 'aria-describedby': describedBy, 'aria-label': label, status: invalid ? 'error' as const : undefined }
  // The writing direction is that of what is written.
  if (long) return <TextArea {...common} dir="auto" autoSize={{ minRows: 2, maxRows: 8 }} onChange={(event) => change(event.target.value)} />
  return <Input {...common} dir={type === 'text' ? 'auto' : undefined} type={type} placeholder={hint} inputMode={mode} autoComplete="off" onChange={(event) => change(event.target.value)} />
}

/** Money as text: grouped while it is only looked at, plain while it is typed. */
export function MoneyControl({ id, value, change, disabled, invalid, describedBy, label, bare = false }: ControlProps & { bare?: boolean }) {
  const { company } = useMe()
  const { locale } = useFormat()
  const [typing, setTyping] = useState(false)
  const number = readNumber(value)
  return (
    <Input
      id={id} disabled={disabled} inputMode="decimal" autoComplete="off" className={styles.figure} aria-label={label}
      prefix={bare ? undefined : <span className={styles.symbol}>{currencySymbol(company.currency, locale)}</span>}
      value={!typing && number !== null ? formatNumber(number) : value} aria-invalid={invalid || undefined} aria-describedby={describedBy} status={invalid ? 'error' : undefined}
      onFocus={() => setTyping(true)} onChange={(event) => change(event.target.value)}
      onBlur={() => { setTyping(false); if (number !== null && number !== value) change(number) }}
    />
  )
}

export function PercentControl({ id, value, change, disabled, invalid, describedBy, label }: ControlProps) {
  return (
    <Input
      id={id} value={value} disabled={disabled} inputMode="decimal" autoComplete="off" className={styles.figure} suffix="%" aria-label={label}
      aria-invalid={invalid || undefined} aria-describedby={describedBy} status={invalid ? 'error' : undefined} onChange={(event) => change(event.target.value)}
    />
  )
}

export interface Option { value: string; label: string }

export function ChoiceControl({ id, value, change, disabled, invalid, describedBy, label, options, clearable }: ControlProps & { options: readonly Option[]; clearable: boolean }) {
  return (
    <Select
      id={id} aria-label={label} value={value || undefined} disabled={disabled} options={[...options]} allowClear={clearable} className={styles.wide}
      aria-describedby={describedBy} status={invalid ? 'error' : undefined} onChange={(next: string | undefined) => change(next ?? '')}
    />
  )
}

/** One of a few, all in sight: one tap. */
export function ChipsControl({ value, change, disabled, options, label, describedBy }: ControlProps & { options: readonly Option[] }) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label={label} aria-describedby={describedBy} className={styles.chips}>
      {options.map((option) => (
        <label key={option.value} className={styles.chip} data-on={option.value === value}>
          <input type="radio" name={name} value={option.value} checked={option.value === value} disabled={disabled} onChange={() => change(option.value)} />
          {option.label}
        </label>
      ))}
    </div>
  )
}

/** Free text with what is written most often below it. */
export function SuggestControl(props: ControlProps & { suggestions: readonly string[] }) {
  const { value, change, suggestions, disabled } = props
  return (
    <>
      <div className={styles.chips}>
        {suggestions.map((text) => (
          <button key={text} type="button" className={styles.chip} disabled={disabled} data-on={text === value.trim()} aria-pressed={text === value.trim()} onClick={() => change(text === value.trim() ? '' : text)}>{text}</button>
        ))}
      </div>
      <TextControl {...props} />
    </>
  )
}
