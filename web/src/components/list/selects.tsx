import { useDeferredValue, useMemo, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { queries, useMe } from '@/api/queries'
import { Select } from '@/components/antd/soon'
import type { Option } from './model'

interface Props { label: string; value: string | undefined; choose: (value: string | undefined) => void; wide: boolean }

const look = (wide: boolean) => (wide ? { width: '100%' } : { minWidth: 104, maxWidth: 168 })

export function ChoiceSelect({ label, value, choose, wide, options, search = false, clearable = true }: Props & { options: readonly Option[]; search?: boolean; clearable?: boolean }) {
  return (
    <Select
      aria-label={label} placeholder={label} value={options.some((option) => option.value === value) ? value : undefined} onChange={choose} options={[...options]} allowClear={clearable}
      showSearch={search || options.length > 8 ? { optionFilterProp: 'label' } : false} popupMatchSelectWidth={200} style={look(wide)}
    />
  )
}

/** A person by part of the name. */
export function OwnerSelect({ names, ...props }: Props & { names: ReadonlyMap<string, string> }) {
  const me = useMe()
  const [typed, setTyped] = useState('')
  const needle = useDeferredValue(typed.trim())
  const { data } = useQuery(queries.people(needle))
  const options = useMemo(() => {
    const people = new Map((data?.items ?? []).map((person) => [person.id, person.name]))
    if (me.person && (needle === '' || me.person.name.includes(needle))) people.set(me.person.id, me.person.name)
    // Whom the address names is in the list, though the search does not find them.
    if (props.value && !people.has(props.value)) people.set(props.value, names.get(props.value) ?? '\u2014')
    return [...people].map(([value, label]) => ({ value, label }))
  }, [data, me.person, names, needle, props.value])
  return (
    <Select
      aria-label={props.label} placeholder={props.label} value={props.value} onChange={props.choose} options={options} allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }} popupMatchSelectWidth={200} style={look(props.wide)}
    />
  )
}

export function TeamSelect(props: Props) {
  const { data } = useQuery(queries.teams())
  const options = useMemo(() => (data ?? []).map((team) => ({ value: team.id, label: `${'\u2003'.repeat(team.depth)}${team.name}` })), [data])
  return <ChoiceSelect {...props} options={options} search />
}

/** A word that the company chose itself: those seen so far, or any that is typed. */
export function FreeSelect({ label, value, choose, wide, known }: Props & { known: string[] }) {
  const [typed, setTyped] = useState('')
  const options = useMemo(() => {
    const words = new Set([...known, ...(value ? [value] : []), ...(typed.trim() ? [typed.trim()] : [])])
    return [...words].sort().map((word) => ({ value: word, label: word }))
  }, [known, typed, value])
  return (
    <Select
      aria-label={label} placeholder={label} value={value} onChange={choose} options={options} allowClear
      showSearch={{ optionFilterProp: 'label', onSearch: setTyped }} popupMatchSelectWidth={180} style={look(wide)}
    />
  )
}
