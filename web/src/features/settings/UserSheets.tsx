import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { send, type Versioned } from '@/api/client'
import { organisation, type User } from '@/api/organisation'
import { changedBody, SheetForm, type SmallField, type SmallValues } from '@/components/form/SheetForm'
import { Sheet } from '@/components/list/Sheet'
import { Button } from '@/components/ui/Button'
import { BoneRows, ErrorState } from '@/components/ui/States'
import { Secret } from './Secret'
import { useUserRoles } from './userRoles'
import { useAttempt, useSaved } from './useSaved'
import styles from './Page.module.css'

function useFields(isNew: boolean): SmallField[] {
  const { t } = useTranslation()
  const roles = useUserRoles()
  const rest: SmallField[] = [
    { key: 'name', label: t('settings.name'), kind: 'text', required: true, half: true },
    { key: 'role', label: t('settings.role'), kind: 'choice', options: roles, required: true, half: true },
    { key: 'person_id', label: t('organisation.person_of_user'), kind: 'person', help: t('organisation.person_of_user_help') },
    { key: 'pay_grant', label: t('organisation.pay_grant'), kind: 'toggle', help: t('organisation.pay_grant_help') },
  ]
  return isNew ? [{ key: 'email', label: t('field.email'), kind: 'email', required: true }, ...rest] : rest
}

const newPassword = async (id: string) => (await send<{ password: string }>('POST', `/users/${id}/password`)).data.password

/** A user with a first password, which is shown once. */
export function NewUser({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const saved = useSaved()
  const [made, setMade] = useState<{ name: string; email: string; password: string } | null>(null)
  const fields = useFields(true)
  const save = async (values: SmallValues) => {
    const { data } = await send<User>('POST', '/users', { body: { ...changedBody({}, { ...values, pay_grant: '' }), pay_grant: values.pay_grant === 'true' } })
    saved({ title: t('organisation.user_made', { name: data.name }) })
    setMade({ name: data.name, email: data.email, password: await newPassword(data.id) })
  }
  if (made) return <PasswordShown {...made} close={close} />
  return <SheetForm title={t('organisation.new_user')} close={close} fields={fields} initial={{ role: 'rep' }} save={save} saveLabel={t('organisation.make_user')} />
}

function PasswordShown({ name, email, password, close }: { name: string; email: string; password: string; close: () => void }) {
  const { t } = useTranslation()
  return (
    <Sheet title={t('organisation.password_of', { name })} close={close} foot={<Button type="primary" onClick={close}>{t('organisation.noted')}</Button>}>
      <p className={styles.help}>{t('organisation.password_once', { email })}</p>
      <Secret value={password} />
    </Sheet>
  )
}

/** A user: role, person, grant; their password and sessions. */
export function UserSheet({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery({ ...organisation.user(id), staleTime: 0, gcTime: 0 })
  if (!data) return <Sheet title={t('organisation.users')} close={close}>{error ? <ErrorState error={error} retry={() => void refetch()} /> : <BoneRows rows={4} />}</Sheet>
  return <Edit key={data.etag} read={data} close={close} />
}

function Edit({ read, close }: { read: Versioned<User>; close: () => void }) {
  const { t } = useTranslation()
  const saved = useSaved()
  const attempt = useAttempt()
  const { data: user, etag } = read
  const [password, setPassword] = useState<string | null>(null)
  const fields = useFields(false)
  const initial: SmallValues = { name: user.name, role: user.role, person_id: user.person_id ?? '', pay_grant: user.pay_grant ? 'true' : '' }
  const patch = (body: Record<string, unknown>, tag = etag) => send<User>('PATCH', `/users/${user.id}`, { body, etag: tag })
  const save = async (values: SmallValues) => {
    const changed = changedBody(initial, values)
    await patch({ ...changed, ...('pay_grant' in changed ? { pay_grant: values.pay_grant === 'true' } : {}), ...('person_id' in changed ? { person_id: values.person_id ?? '' } : {}) })
    saved({ title: t('organisation.saved') })
    close()
  }
  const disable = (disabled: boolean) => attempt(async () => {
    const done = await patch({ disabled })
    const undo = () => attempt(async () => { await patch({ disabled: !disabled }, done.etag); saved({ title: t('organisation.saved') }) })
    saved({ title: t(disabled ? 'organisation.disabled' : 'organisation.enabled', { name: user.name }), action: { label: t('organisation.undo'), run: undo } })
    close()
  })
  const signOut = () => attempt(async () => {
    await send('DELETE', `/users/${user.id}/sessions`)
    saved({ title: t('organisation.signed_out', { name: user.name }) })
  })
  const renew = () => attempt(async () => setPassword(await newPassword(user.id)))
  if (password) return <PasswordShown name={user.name} email={user.email} password={password} close={close} />
  return (
    <SheetForm
      title={user.name} close={close} fields={fields} initial={initial} save={save} saveLabel={t('organisation.save')}
      note={
        <>
          <p className={styles.help}>{user.email}</p>
          <div className={styles.acts}>
            <Button onClick={renew}>{t('organisation.new_password')}</Button>
            <Button onClick={signOut}>{t('settings.sign_out_everywhere')}</Button>
            <Button danger={!user.disabled} onClick={() => disable(!user.disabled)}>{t(user.disabled ? 'organisation.enable' : 'organisation.disable')}</Button>
          </div>
        </>
      }
    />
  )
}
