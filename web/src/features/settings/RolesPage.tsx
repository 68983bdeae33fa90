import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { organisation, type Roles } from '@/api/organisation'
import { ChoiceSelect } from '@/components/list/selects'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { BoneRows, ErrorState } from '@/components/ui/States'
import table from '@/components/ui/table.module.css'
import { usePhone } from '@/components/ui/useMediaQuery'
import page from './Page.module.css'
import styles from './Roles.module.css'

/** What each role may do, as the server asks it; nobody changes it here. */
export function RolesPage() {
  const { t } = useTranslation()
  const phone = usePhone()
  const { data, error, refetch } = useQuery(organisation.roles())
  return (
    <>
      <SettingsHeader title={t('organisation.roles_title')} />
      <p className={page.help}>{t('organisation.roles_help')}</p>
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : !data ? <BoneRows rows={12} /> : phone ? <OneRole roles={data} /> : <Matrix roles={data} />}
    </>
  )
}

const useWord = () => {
  const { i18n } = useTranslation()
  return (word: { zh: string; en: string }) => (i18n.language === 'en' ? word.en : word.zh)
}

function Matrix({ roles: { roles, permissions } }: { roles: Roles }) {
  const { t } = useTranslation()
  const word = useWord()
  return (
    <div className={table.scroll}>
      <table className={`${table.table} ${styles.matrix}`}>
        <thead><tr><th scope="col">{t('organisation.may')}</th>{roles.map(({ role, name }) => <th key={role} scope="col">{word(name)}</th>)}</tr></thead>
        <tbody>
          <tr className={styles.rows}><th scope="row">{t('organisation.rows.label')}</th>{roles.map(({ role, rows }) => <td key={role}>{t(`organisation.rows.${rows}`)}</td>)}</tr>
          {permissions.map(({ permission, name, by_grant: byGrant }) => (
            <tr key={permission}>
              <th scope="row">{word(name)}</th>
              {byGrant
                ? <td colSpan={roles.length} className={styles.grant}>{t('organisation.by_grant')}</td>
                : roles.map(({ role, permissions: own }) => <td key={role}>{own.includes(permission) ? <Check size={16} className={styles.yes} role="img" aria-label={t('organisation.yes')} /> : <span className="visually-hidden">{t('organisation.no')}</span>}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function OneRole({ roles: { roles, permissions } }: { roles: Roles }) {
  const { t } = useTranslation()
  const word = useWord()
  const [chosen, setChosen] = useState(roles[0]?.role)
  const role = roles.find((one) => one.role === chosen)
  if (!role) return null
  const own = permissions.filter(({ permission }) => role.permissions.includes(permission))
  return (
    <>
      <ChoiceSelect label={t('settings.role')} value={chosen} choose={(value) => setChosen(roles.find((one) => one.role === value)?.role ?? chosen)} options={roles.map(({ role: value, name }) => ({ value, label: word(name) }))} wide clearable={false} />
      <p className={styles.reach}>{t('organisation.rows.label')}{t('colon')}<b>{t(`organisation.rows.${role.rows}`)}</b></p>
      <ul className={styles.list}>{own.map(({ permission, name }) => <li key={permission}><Check size={16} className={styles.yes} aria-hidden />{word(name)}</li>)}</ul>
    </>
  )
}
