import { useTranslation } from 'react-i18next'

const ROLES = ['rep', 'manager', 'director', 'operations', 'finance', 'hr', 'auditor', 'administrator'] as const

/** The roles to choose from. */
export function useUserRoles() {
  const { t } = useTranslation()
  return ROLES.map((value) => ({ value, label: t(`role.${value}`) }))
}
