import { useTranslation } from 'react-i18next'
import type { SmallField } from '@/components/form/SheetForm'

const TEAM_ROLES = ['rep', 'manager', 'director'] as const

/** What a role in a team is called; a word of the company's own stands as it is. */
export function useTeamRoles() {
  const { t, i18n } = useTranslation()
  return (role: string) => (i18n.exists(`role.${role}`) ? t(`role.${role}`) : role)
}

/** The roles to choose from, and the one that is there. */
export function useTeamRoleOptions(present?: string) {
  const name = useTeamRoles()
  const words: string[] = [...TEAM_ROLES]
  if (present && !words.includes(present)) words.push(present)
  return words.map((value) => ({ value, label: name(value) }))
}

/** The fields of a person; a new one has a first team. */
export function usePersonFields(isNew: boolean): SmallField[] {
  const { t } = useTranslation()
  const roles = useTeamRoleOptions()
  const kinds = ['employee', 'partner'].map((value) => ({ value, label: t(`organisation.kind.${value}`) }))
  const fields: SmallField[] = [
    { key: 'name', label: t('settings.name'), kind: 'text', required: true },
    { key: 'email', label: t('field.email'), kind: 'email' },
    { key: 'phone', label: t('field.phone'), kind: 'tel', half: true },
    { key: 'external_id', label: t('organisation.external_id'), kind: 'text', half: true, help: t('organisation.external_id_help') },
    { key: 'kind', label: t('organisation.kind.label'), kind: 'choice', options: kinds, required: true, half: true },
    { key: 'start_date', label: t('organisation.start'), kind: 'date', half: true },
  ]
  if (!isNew) return fields
  return [...fields, { key: 'team_id', label: t('organisation.team'), kind: 'team', half: true }, { key: 'role', label: t('organisation.team_role'), kind: 'choice', options: roles, required: true, half: true }]
}
