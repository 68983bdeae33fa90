import { useState } from 'react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { send } from '@/api/client'
import { organisation, type PersonDetail } from '@/api/organisation'
import { useCan } from '@/api/queries'
import type { Person } from '@/api/types'
import { changedBody, SheetForm } from '@/components/form/SheetForm'
import { formatDate } from '@/components/format/format'
import { ChoiceSelect, TeamSelect } from '@/components/list/selects'
import { Button } from '@/components/ui/Button'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { useFilters } from '@/components/ui/paramsState'
import table from '@/components/ui/table.module.css'
import { usePhone } from '@/components/ui/useMediaQuery'
import { Growing } from './Growing'
import { usePersonFields, useTeamRoles } from './personFields'
import { SearchField } from './SearchField'
import { useSaved } from './useSaved'
import styles from './Page.module.css'

/** Everybody who is or was here, with their team. */
export function MembersPage() {
  const { t } = useTranslation()
  const [params, set] = useFilters()
  const [making, setMaking] = useState(false)
  const may = useCan('manage_people')
  const state = params.get('state') ?? 'active'
  const q = params.get('q')
  const result = useInfiniteQuery(organisation.people({ q, team_id: params.get('team'), active: state === 'all' ? null : String(state === 'active') }))
  const create = may && <Button type="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t('organisation.new_member')}</Button>
  const states = ['active', 'left', 'all'].map((value) => ({ value, label: t(`organisation.state.${value}`) }))
  return (
    <div className={styles.page}>
      <SettingsHeader title={t('organisation.members')}>{create}</SettingsHeader>
      <div className={styles.tools}>
        <SearchField label={t('organisation.find_member')} value={q ?? ''} change={(value) => set({ q: value })} />
        <TeamSelect label={t('organisation.team')} value={params.get('team') ?? undefined} choose={(value) => set({ team: value ?? null })} wide={false} />
        <ChoiceSelect label={t('organisation.state.label')} value={state} choose={(value) => set({ state: value === 'active' ? null : value ?? null })} options={states} wide={false} clearable={false} />
      </div>
      <Growing result={result} none={{ title: t('organisation.no_members'), help: t('organisation.no_members_help'), action: create || undefined }}>{(rows) => <People rows={rows} />}</Growing>
      {making && <NewMember close={() => setMaking(false)} />}
    </div>
  )
}

function People({ rows }: { rows: Person[] }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const role = useTeamRoles()
  return (
    <div className={table.scroll}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('settings.name')}</th><th scope="col">{t('organisation.team')}</th>
            {!phone && <><th scope="col">{t('organisation.team_role')}</th><th scope="col">{t('field.email')}</th><th scope="col">{t('organisation.start')}</th></>}
            <th scope="col">{t('organisation.state.label')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((person) => (
            <tr key={person.id}>
              <td><Link to={`/settings/members/${person.id}`} className={styles.name}>{person.name}</Link>{!phone && person.external_id && <span className={table.tag}>{person.external_id}</span>}</td>
              <td className={table.second}>{person.team?.path ?? '\u2014'}</td>
              {!phone && <><td className={table.second}>{person.role ? role(person.role) : '\u2014'}</td><td className={table.second}>{person.email ?? '\u2014'}</td><td className={table.date}>{formatDate(person.start_date)}</td></>}
              <td><span className={styles.state} data-off={!person.active}>{person.active ? t('organisation.state.active') : t('organisation.left_on', { day: formatDate(person.end_date) })}</span></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function NewMember({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const saved = useSaved()
  const fields = usePersonFields(true)
  const save = async (values: Readonly<Record<string, string>>) => {
    const { data } = await send<PersonDetail>('POST', '/people', { body: changedBody({}, values) })
    saved({ title: t('organisation.member_made', { name: data.name }) })
    void navigate(`/settings/members/${data.id}`)
  }
  return <SheetForm title={t('organisation.new_member')} close={close} fields={fields} initial={{ kind: 'employee', role: 'rep' }} save={save} saveLabel={t('organisation.make')} />
}
