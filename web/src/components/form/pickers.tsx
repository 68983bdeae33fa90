import { useDeferredValue, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries, useMe } from '@/api/queries'
import { recordQueries, type RecordData } from '@/api/records'
import { Select } from '@/components/antd/Select'
import { formatMoney, useFormat } from '@/components/format/format'
import { useKnownNames, type ControlProps } from './context'
import type { RecordPick } from './fields'
import styles from './Form.module.css'

interface Choice { value: string; label: string; note?: string }

/** A list that the server searches; what is chosen has a name before anything was asked. */
function SearchSelect({ id, value, change, disabled, invalid, describedBy, label, choices, onSearch, loading, name }: ControlProps & { choices: Choice[]; onSearch: (text: string) => void; loading: boolean; name: string | undefined }) {
  const { t } = useTranslation()
  const options = value && !choices.some((choice) => choice.value === value) ? [{ value, label: name ?? '…' }, ...choices] : choices
  return (
    <Select<string, Choice>
      id={id} aria-label={label} value={value || undefined} disabled={disabled} allowClear className={styles.wide} status={invalid ? 'error' : undefined} aria-describedby={describedBy}
      showSearch={{ filterOption: false, onSearch }} options={options} placeholder={t('form.search')} loading={loading} popupMatchSelectWidth
      notFoundContent={loading ? t('state.loading') : t('form.none_found')} onChange={(next: string | undefined) => change(next ?? '')}
      optionRender={(option) => <span className={styles.option}><span>{option.data.label}</span>{option.data.note && <small>{option.data.note}</small>}</span>}
    />
  )
}

export function PersonPicker(props: ControlProps) {
  const me = useMe()
  const known = useKnownNames()
  const [typed, setTyped] = useState('')
  const { data, isFetching } = useQuery(queries.people(useDeferredValue(typed.trim())))
  const choices = (data?.items ?? []).map((person) => ({ value: person.id, label: person.name, note: person.team?.name }))
  const name = known[props.value] ?? (me.person?.id === props.value ? me.person.name : undefined)
  return <SearchSelect {...props} choices={choices} onSearch={setTyped} loading={isFetching} name={name} />
}

const partOf = (record: RecordData, key: string): string => (typeof record[key] === 'string' ? record[key] : '')
export const nameOf = (record: RecordData): string => partOf(record, 'name') || partOf(record, 'number') || partOf(record, 'subject')

export function RecordPicker({ of, filter, ...props }: ControlProps & { of: RecordPick; filter?: Record<string, string> }) {
  const [typed, setTyped] = useState('')
  const format = useFormat()
  const { data, isFetching } = useQuery(recordQueries.pick(of, useDeferredValue(typed.trim()), filter))
  const name = useRecordName(of, props.value)
  const choices = (data ?? []).map((record) => {
    const amount = record.amount as { amount: string; currency: string } | null | undefined
    const money = amount ? formatMoney(amount.amount, amount.currency, format.locale, false) : ''
    const note = of === 'contract' ? partOf(record, 'number') : of === 'opportunity' || of === 'payment' ? money : partOf(record, 'title') || partOf(record, 'region')
    return { value: record.id, label: nameOf(record) || partOf(record, 'received_on'), note }
  })
  return <SearchSelect {...props} choices={choices} onSearch={setTyped} loading={isFetching} name={name} />
}

export function useRecordName(type: string, id: string): string | undefined {
  const known = useKnownNames()
  const { data } = useQuery({ ...queries.record(type, id), enabled: id !== '' && known[id] === undefined })
  return known[id] ?? data?.title
}

export function ProductPicker(props: ControlProps) {
  const known = useKnownNames()
  const { data, isFetching } = useQuery(recordQueries.products())
  const [typed, setTyped] = useState('')
  const needle = typed.trim().toLowerCase()
  const choices = (data ?? []).filter(({ name, code }) => name.toLowerCase().includes(needle) || code.toLowerCase().includes(needle)).map(({ id, name, code }) => ({ value: id, label: name, note: code }))
  return <SearchSelect {...props} choices={choices} onSearch={setTyped} loading={isFetching} name={known[props.value] ?? data?.find(({ id }) => id === props.value)?.name} />
}

export function PipelinePicker({ id, value, change, disabled, label }: ControlProps) {
  const { data } = useQuery(recordQueries.pipelines())
  const options = (data ?? []).map((pipeline) => ({ value: pipeline.id, label: pipeline.name }))
  return <Select id={id} aria-label={label} value={value || options[0]?.value} disabled={disabled} options={options} className={styles.wide} onChange={(next: string) => change(next)} />
}

/** The stages of the chosen pipeline; a new deal begins at the first one. */
export function StagePicker({ id, value, change, disabled, invalid, describedBy, label, pipeline }: ControlProps & { pipeline: string }) {
  const { data } = useQuery(recordQueries.pipelines())
  const stages = (data?.find((one) => one.id === pipeline) ?? data?.[0])?.stages ?? []
  return (
    <Select
      id={id} aria-label={label} value={value || stages[0]?.id} disabled={disabled} options={stages.map((stage) => ({ value: stage.id, label: stage.name }))} className={styles.wide}
      status={invalid ? 'error' : undefined} aria-describedby={describedBy} onChange={(next: string) => change(next)}
    />
  )
}
