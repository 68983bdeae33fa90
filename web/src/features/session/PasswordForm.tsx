import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import { changePassword } from '@/api/session'
import { Button } from '@/components/ui/Button'
import { useErrorText } from '@/components/ui/States'
import { PasswordInput } from '@/components/ui/TextInput'
import styles from './SignInPage.module.css'

export function PasswordForm({ onDone }: { onDone: () => void }) {
  const { t, i18n } = useTranslation()
  const text = useErrorText()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  const describe = (error: unknown) => {
    const first = error instanceof ApiError ? error.errors[0] : undefined
    if (first?.code && i18n.exists(`error.code.${first.code}`)) return t(`error.code.${first.code}`)
    return first?.detail ?? text(error)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (next !== again) { setProblem(t('session.password_differs')); return }
    setBusy(true)
    setProblem(null)
    try {
      await changePassword(current, next)
      setCurrent(''); setNext(''); setAgain('')
      onDone()
    } catch (error) {
      setProblem(describe(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} className={styles.form}>
      <label htmlFor="current-password">{t('session.current_password')}</label>
      <PasswordInput id="current-password" autoComplete="current-password" required value={current} onChange={(event) => setCurrent(event.target.value)} />
      <label htmlFor="new-password">{t('session.new_password')}</label>
      <PasswordInput id="new-password" autoComplete="new-password" required minLength={10} value={next} onChange={(event) => setNext(event.target.value)} aria-describedby="password-help" />
      <small id="password-help" className={styles.help}>{t('session.password_help')}</small>
      <label htmlFor="again-password">{t('session.again_password')}</label>
      <PasswordInput id="again-password" autoComplete="new-password" required value={again} onChange={(event) => setAgain(event.target.value)} />
      {problem && <p role="alert" className={styles.problem}>{problem}</p>}
      <Button type="primary" htmlType="submit" loading={busy} className={styles.submit}>{t('session.change_password')}</Button>
    </form>
  )
}
