import { useState, type FormEvent } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { ApiError } from '@/api/client'
import { queries } from '@/api/queries'
import { signIn } from '@/api/session'
import { BrandMark } from '@/components/ui/Brand'
import { Button } from '@/components/ui/Button'
import { useErrorText } from '@/components/ui/States'
import { PasswordInput, TextInput } from '@/components/ui/TextInput'
import { useToast } from '@/components/ui/Toast'
import { isLocale, switchLocale } from '@/locales/i18n'
import { PasswordForm } from './PasswordForm'
import styles from './SignInPage.module.css'

/** Only addresses of our own: `next` comes from outside. */
const safeNext = (next: string | null) => (next && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/')

export function SignInPage() {
  const { t, i18n } = useTranslation()
  const [params] = useSearchParams()
  const [mustChange, setMustChange] = useState(params.get('change') === '1')
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const toast = useToast()
  const enter = () => navigate(safeNext(params.get('next')), { replace: true })
  // A changed password ends every session, this one included: one signs in with the new one.
  const again = () => {
    queryClient.clear()
    setMustChange(false)
    toast({ title: t('session.password_changed'), tone: 'ahead' })
    const next = params.get('next')
    void navigate(next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in', { replace: true })
  }
  const other = i18n.language === 'en' ? 'zh-CN' : 'en'

  return (
    <main className={styles.page}>
      <title>{`${t('session.sign_in')} · Qiao`}</title>
      <div className={styles.card}>
        <div className={styles.brand}><BrandMark size={32} /><h1>{t('brand_full')}</h1></div>
        {mustChange
          ? (
            <>
              <p className={styles.lead}>{t('session.must_change')}</p>
              <PasswordForm onDone={again} />
            </>
          )
          : (
            <>
              <p className={styles.lead}>{t('session.lead')}</p>
              <SignInForm onDone={(change) => { if (change) setMustChange(true); else void enter() }} />
            </>
          )}
      </div>
      <Button type="text" className={styles.language} onClick={() => { if (isLocale(other)) void switchLocale(other) }}>{t('session.other_language')}</Button>
    </main>
  )
}

function SignInForm({ onDone }: { onDone: (mustChange: boolean) => void }) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const signInProblem = useSignInProblem()

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      const me = await signIn(email.trim(), password)
      queryClient.clear()
      queryClient.setQueryData(queries.me().queryKey, me)
      onDone(me.password_change_required)
    } catch (error) {
      setProblem(signInProblem(error))
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className={styles.form}>
      <label htmlFor="email">{t('session.email')}</label>
      <TextInput id="email" type="email" autoComplete="username" autoFocus required value={email} onChange={(event) => setEmail(event.target.value)} />
      <label htmlFor="password">{t('session.password')}</label>
      <PasswordInput id="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} aria-describedby={problem ? 'sign-in-problem' : undefined} />
      {problem && <p role="alert" id="sign-in-problem" className={styles.problem}>{problem}</p>}
      <Button type="primary" htmlType="submit" size="large" block loading={busy} className={styles.submit}>{t('session.sign_in')}</Button>
    </form>
  )
}

function useSignInProblem() {
  const { t } = useTranslation()
  const text = useErrorText()
  return (error: unknown) => {
    if (error instanceof ApiError && error.status === 429 && error.retryAfter) {
      const minutes = Math.ceil(error.retryAfter / 60)
      return error.retryAfter < 60
        ? t('session.wait_seconds', { count: error.retryAfter })
        : t(error.code === 'locked' ? 'session.locked_minutes' : 'session.wait_minutes', { count: minutes })
    }
    return text(error)
  }
}
