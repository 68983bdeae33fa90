import { useDeferredValue, useMemo, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries, seesTeams, useMe } from '@/api/queries'
import { Select } from '@/components/antd/soon'

/** Company, a team or a person: whom the figures are about. */
export function SubjectSelect({ value, change }: { value: string; change: (subject: string) => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const wide = seesTeams(me)
  const [typed, setTyped] = useState('')
  const needle = useDeferredValue(typed.trim())
  const { data: teams } = useQuery({ ...queries.teams(), enabled: wide })
  const { data: people } = useQuery({ ...queries.people(needle), enabled: wide })
  const options = useMemo(() => {
    const matches = (label: string) => label.toLowerCase().includes(needle.toLowerCase())
    const persons = new Map((people?.items ?? []).map((person) => [person.id, person.name]))
    if (me.person) persons.set(me.person.id, me.person.name)
    const groups = [
      { label: t('metrics.subject.company'), options: [{ value: 'company', label: me.company.name }].filter(({ label }) => wide && matches(label)) },
      { label: t('metrics.subject.team'), options: (teams ?? []).filter((team) => team.parent_id !== null || team.depth > 0 || team.name !== me.company.name).map((team) => ({ value: `team:${team.id}`, label: team.name })).filter(({ label }) => matches(label)) },
      { label: t('metrics.subject.person'), options: [...persons].map(([id, label]) => ({ value: `person:${id}`, label })).filter(({ label }) => matches(label)) },
    ]
    return groups.filter((group) => group.options.length > 0)
  }, [me, needle, people, t, teams, wide])

  if (!wide) return null
  const known = options.some((group) => group.options.some((option) => option.value === value))
  return (
    <Select
      aria-label={t('metrics.subject.choose')} value={known ? value : undefined} placeholder={t('metrics.subject.choose')} onChange={change} options={options}
      showSearch={{ filterOption: false, onSearch: setTyped }} popupMatchSelectWidth={220} style={{ minWidth: 104, maxWidth: 180 }}
    />
  )
}
