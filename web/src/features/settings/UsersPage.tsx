import { useState } from 'react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { organisation, type User } from '@/api/organisation'
import { ChoiceSelect } from '@/components/list/selects'
import { Button } from '@/components/ui/Button'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { useFilters } from '@/components/ui/paramsState'
import table from '@/components/ui/table.module.css'
import { usePhone } from '@/components/ui/useMediaQuery'
import { Growing } from './Growing'
import { SearchField } from './SearchField'
import { NewUser, UserSheet } from './UserSheets'
import { useUserRoles } from './userRoles'
import styles from './Page.module.css'

/** Who may sign in, as what. */
export function UsersPage() {
  const { t } = useTranslation()
  const [params, set] = useFilters()
  const roles = useUserRoles()
  const [making, setMaking] = useState(false)
  const id = params.get('user')
  const disabled = params.get('disabled') ?? 'false'
  const result = useInfiniteQuery(organisation.users({ text: params.get('text'), role: params.get('role'), disabled: disabled === 'all' ? null : disabled }))
  const create = <Button type="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t('organisation.new_user')}</Button>
  const states = [['false', 'on'], ['true', 'off'], ['all', 'all']].map(([value = '', word]) => ({ value, label: t(`organisation.user_state.${word}`) }))
  return (
    <div className={styles.page}>
      <SettingsHeader title={t('organisation.users')}>{create}</SettingsHeader>
      <div className={styles.tools}>
        <SearchField label={t('organisation.find_user')} value={params.get('text') ?? ''} change={(value) => set({ text: value })} />
        <ChoiceSelect label={t('settings.role')} value={params.get('role') ?? undefined} choose={(value) => set({ role: value ?? null })} options={roles} wide={false} />
        <ChoiceSelect label={t('organisation.user_state.label')} value={disabled} choose={(value) => set({ disabled: value === 'false' ? null : value ?? null })} options={states} wide={false} clearable={false} />
      </div>
      <Growing result={result} none={{ title: t('organisation.no_users'), help: t('organisation.no_users_help'), action: create }}>{(rows) => <Users rows={rows} open={(user) => set({ user: user.id })} />}</Growing>
      {making && <NewUser close={() => setMaking(false)} />}
      {id && <UserSheet id={id} close={() => set({ user: null })} />}
    </div>
  )
}

function Users({ rows, open }: { rows: User[]; open: (user: User) => void }) {
  const { t } = useTranslation()
  const phone = usePhone()
  return (
    <div className={table.scroll}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('settings.name')}</th><th scope="col">{t('settings.role')}</th>
            {!phone && <><th scope="col">{t('field.email')}</th><th scope="col">{t('organisation.grant')}</th></>}
            <th scope="col">{t('organisation.user_state.label')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((user) => (
            <tr key={user.id}>
              <td><button type="button" className={styles.plain} onClick={() => open(user)}>{user.name}{phone && <span className={styles.sub}>{user.email.split('@')[0]}<wbr />@{user.email.split('@')[1]}</span>}</button></td>
              <td className={table.second}>{t(`role.${user.role}`)}</td>
              {!phone && <><td className={table.second}>{user.email}</td><td className={table.second}>{user.pay_grant ? t('organisation.granted') : '\u2014'}</td></>}
              <td><span className={styles.state} data-off={user.disabled || !user.has_password}>{t(user.disabled ? 'organisation.user_state.off' : !user.has_password ? 'organisation.user_state.no_password' : user.password_change_required ? 'organisation.user_state.first' : 'organisation.user_state.on')}</span></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
