import { useTranslation } from 'react-i18next'
import { useMe } from '@/api/queries'
import { ChipsControl, ChoiceControl, MoneyControl, PercentControl, SuggestControl, TextControl } from './controls'
import type { Problems } from './errors'
import { isRows, rowsOf, textOf, type Field, type Value, type Values } from './fields'
import { currencyDigits, lineAmounts, readNumber, sumOf } from './money'
import { PersonPicker, PipelinePicker, ProductPicker, RecordPicker, StagePicker } from './pickers'
import { PlaceControl } from './PlaceControl'
import { LinesControl, ScheduleControl, SplitsControl } from './rows'
import styles from './Form.module.css'

interface Props { field: Field; values: Values; set: (key: string, value: Value) => void; problems: Problems; prefix: string; editing: boolean; busy: boolean }

/** The parts of a text of suggestions. */
export const parts = (text: string) => text.split('|').filter(Boolean)

/** A labelled control with its problem below it. */
export function FieldControl({ field, values, set, problems, prefix, editing, busy }: Props) {
  const { t } = useTranslation()
  const id = `${prefix}-${field.key.replace(/[^\w]/g, '-')}`
  const problem = problems[field.key]
  const label = t(field.label)
  // A group of buttons has no control that a label could lead to.
  const grouped = field.kind === 'chips' || isRows(field.kind)
  return (
    <div className={styles.field} data-half={field.half || undefined} data-field={field.key} data-problem={problem ? true : undefined}>
      {grouped ? <span className={styles.label}>{label}{field.required && <Required />}</span> : <label className={styles.label} htmlFor={id}>{label}{field.required && <Required />}</label>}
      <Control field={field} values={values} set={set} problems={problems} id={id} label={label} disabled={busy || Boolean(field.fixed && editing)} describedBy={problem ? `${id}-problem` : field.help ? `${id}-help` : undefined} />
      {field.help && !problem && <p className={styles.help} id={`${id}-help`}>{t(field.help)}</p>}
      {problem && <p className={styles.problem} id={`${id}-problem`}>{problem}</p>}
    </div>
  )
}

const Required = () => <span className={styles.required} aria-hidden="true">*</span>

interface ControlOf { field: Field; values: Values; set: (key: string, value: Value) => void; problems: Problems; id: string; label: string; disabled: boolean; describedBy?: string }

function Control({ field, values, set, problems, id, label, disabled, describedBy }: ControlOf) {
  const { t } = useTranslation()
  const { company } = useMe()
  const { key, kind } = field
  const props = { id, label, disabled, describedBy, value: textOf(values, key), change: (value: string) => set(key, value), invalid: Boolean(problems[key]) }
  const rows = { id, name: key, values, problems, disabled, set: (next: Value) => set(key, next) }
  const options = (field.options ?? []).map((option) => ({ value: option.value, label: t(option.label) }))
  switch (kind) {
    case 'long': return <TextControl {...props} long />
    case 'phone': return <TextControl {...props} type="tel" mode="tel" />
    case 'email': return <TextControl {...props} type="email" mode="email" />
    case 'integer': return <TextControl {...props} mode="numeric" />
    case 'decimal': return <TextControl {...props} mode="decimal" />
    case 'date': return <TextControl {...props} type="date" />
    case 'moment': return <TextControl {...props} type="datetime-local" />
    case 'money': return <MoneyControl {...props} />
    case 'percent': return <PercentControl {...props} />
    case 'choice': return <ChoiceControl {...props} options={options} clearable={!field.required} />
    case 'chips': return <ChipsControl {...props} options={options} />
    case 'suggest': return <SuggestControl {...props} suggestions={parts(t(field.suggestions ?? ''))} />
    case 'outcome': return <SuggestControl {...props} suggestions={parts(t(field.suggestions ?? '')).map((one) => one.split('>')[0] ?? one)} />
    case 'place': return <PlaceControl {...props} values={values} set={set} />
    case 'person': return <PersonPicker {...props} />
    case 'account': case 'contact': case 'opportunity': case 'contract': case 'payment': case 'sales_order': return <RecordPicker {...props} of={kind} filter={field.filter?.(values)} />
    case 'product': return <ProductPicker {...props} />
    case 'pipeline': return <PipelinePicker {...props} />
    case 'stage': return <StagePicker {...props} pipeline={textOf(values, 'pipeline_id')} />
    case 'splits': return <SplitsControl {...rows} />
    case 'lines': return <LinesControl {...rows} />
    case 'schedule': return <ScheduleControl {...rows} total={totalOf(values, currencyDigits(company.currency))} />
    default: return <TextControl {...props} />
  }
}

/** What a contract comes to: its lines, or the amount as typed. */
function totalOf(values: Values, digits: number): string {
  const lines = rowsOf(values, 'lines')
  if (lines.length === 0) return readNumber(textOf(values, 'amount')) ?? '0'
  return sumOf(lines.map((row) => lineAmounts(row.quantity ?? '', row.price ?? '', row.tax_rate ?? '', digits)?.amount ?? '0'), digits)
}
