import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AutoComplete } from '@/components/antd/controls'
import { Button } from '@/components/ui/Button'
import { Section } from '@/components/ui/Section'
import { useDebounced } from '@/components/ui/useDebounced'
import { importQueries, type ImportRun, type UnknownValue } from './api'
import styles from './Imports.module.css'

/** How long typing rests before the server is asked, ms. */
const REST_MS = 200

interface Props { run: ImportRun; unknown: UnknownValue[]; aliases: Record<string, Record<string, string>>; choose: (column: string, value: string, meaning: string) => void }

/** Values of the file that nothing is called by: what each of them means is said once for all its rows. */
export function Unknown({ run, unknown, aliases, choose }: Props) {
  const { t } = useTranslation()
  return (
    <Section title={t('imports.unknown')} note={t('imports.unknown_help')}>
      <ul className={styles.unknown}>
        {unknown.map((value) => <Value key={`${value.column} ${value.value}`} run={run} value={value} meaning={aliases[value.column]?.[value.value] ?? ''} choose={(meaning) => choose(value.column, value.value, meaning)} />)}
      </ul>
    </Section>
  )
}

function Value({ run, value, meaning, choose }: { run: ImportRun; value: UnknownValue; meaning: string; choose: (meaning: string) => void }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  const text = useDebounced(meaning, REST_MS)
  const fixed = value.choices.length > 0
  const { data = [] } = useQuery({ ...importQueries.choices(run.id, value.column, text), enabled: asked && !fixed })
  const label = run.columns.find(({ name }) => name === value.column)?.label ?? value.column
  const options = fixed ? value.choices.map((one) => ({ value: one, label: one })) : data.map((one) => ({ value: one.value, label: one.label === one.value ? one.label : `${one.label} · ${one.value}` }))
  return (
    <li>
      <span className={styles.column}>{label}</span>
      <b className={styles.value}><bdi>{value.value}</bdi></b>
      <span className={styles.times}>{t('imports.times', { count: value.count })}</span>
      <span className={styles.means}>
        <AutoComplete value={meaning} onChange={(next: string | undefined) => choose(next ?? '')} onFocus={() => setAsked(true)} options={options} allowClear className={styles.meaning} placeholder={t('imports.means')} aria-label={t('imports.means_of', { column: label, value: value.value })} />
        {value.near && meaning === '' && <Button type="link" size="small" onClick={() => choose(value.near ?? '')}>{t('imports.near', { value: value.near })}</Button>}
      </span>
    </li>
  )
}
