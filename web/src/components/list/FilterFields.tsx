import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isValid, paramsOf } from './address'
import { ChoiceSelect, FreeSelect, OwnerSelect, TeamSelect } from './selects'
import type { Filter, Lookups } from './model'
import styles from './Filters.module.css'

export interface FieldProps { filter: Filter; params: URLSearchParams; set: (changes: Record<string, string | null>) => void; lookups: Lookups; names: ReadonlyMap<string, string>; known: (param: string) => string[]; wide?: boolean }

/** The control of one filter. */
export function FilterField({ filter, params, set, lookups, names, known, wide = false }: FieldProps) {
  const { t } = useTranslation()
  const label = t(`list.filter.${filter.param}`)
  const value = params.get(filter.param) ?? undefined
  const choose = (next: string | undefined) => set({ [filter.param]: next ?? null })
  const common = { label, value, choose, wide }
  switch (filter.type) {
    case 'owner': return <OwnerSelect {...common} names={names} />
    case 'team': return <TeamSelect {...common} />
    case 'choice': return <ChoiceSelect {...common} options={filter.words.map((word) => ({ value: word, label: t(`list.word.${filter.set}.${word}`) }))} />
    case 'lookup': return <ChoiceSelect {...common} options={lookups[filter.param] ?? []} />
    case 'free': return <FreeSelect {...common} known={known(filter.param)} />
    case 'amount': case 'dates': return <Range filter={filter} params={params} set={set} label={label} wide={wide} />
    default: return null
  }
}

function Range({ filter, params, set, label, wide }: { filter: Filter; params: URLSearchParams; set: FieldProps['set']; label: string; wide: boolean }) {
  const { t } = useTranslation()
  const [from = '', to = ''] = paramsOf(filter)
  return (
    <span className={wide ? styles.range : styles.inline} role="group" aria-label={label}>
      {/* In a panel it stands above; the browser's own date fields say nothing of what they are for. */}
      {!wide && <span aria-hidden>{label}</span>}
      {[from, to].map((param, at) => <End key={`${param} ${params.get(param) ?? ''}`} filter={filter} initial={params.get(param) ?? ''} name={t(at === 0 ? 'list.from' : 'list.to')} label={label} change={(value) => set({ [param]: value })} />)}
    </span>
  )
}

/** One end of a range; what is half typed is not asked for yet. */
function End({ filter, initial, name, label, change }: { filter: Filter; initial: string; name: string; label: string; change: (value: string | null) => void }) {
  const [typed, setTyped] = useState(initial)
  const plain = typed.replace(/[,\uFF0C\s]/g, '')
  const wrong = plain !== '' && !isValid(filter, plain)
  const commit = () => { if (!wrong && plain !== initial) change(plain || null) }
  return (
    <span className={styles.box} data-box data-wrong={wrong}>
      <input
        type={filter.type === 'dates' ? 'date' : 'text'} inputMode={filter.type === 'amount' ? 'decimal' : undefined} value={typed} placeholder={name} aria-label={`${label} ${name}`}
        aria-invalid={wrong} onChange={(event) => setTyped(event.target.value)} onBlur={commit} onKeyDown={(event) => { if (event.key === 'Enter') commit() }}
      />
    </span>
  )
}
