import { lazy, Suspense, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { queries, useMe } from '@/api/queries'
import { saveLocale, signOut, signOutEverywhere } from '@/api/session'
import { useTheme, type Choice } from '@/components/theme/theme'
import { Button } from '@/components/ui/Button'
import { Section } from '@/components/ui/Section'
import { Segmented } from '@/components/ui/Segmented'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { BoneRows, useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { PasswordForm } from './PasswordForm'
import styles from './ProfilePage.module.css'

const Notifications = lazy(() => import('./Notifications'))

/** One's own name, language, password and sessions. */
export function ProfilePage() {
  const { t } = useTranslation()
  return (
    <div className={styles.page}>
      <SettingsHeader title={t('settings.profile')} />
      <Profile />
      <Appearance />
      <Suspense fallback={<Section title={t('settings.messages')} className={styles.section}><BoneRows rows={4} /></Section>}><Notifications /></Suspense>
      <Password />
      <Sessions />
      <Api />
    </div>
  )
}

function Profile() {
  const { t } = useTranslation()
  const me = useMe()
  const rows = [
    [t('settings.name'), me.name], [t('session.email'), me.email], [t('settings.role'), t(`role.${me.role}`)],
    [t('settings.team'), me.team?.path || me.team?.name || '—'], [t('settings.company'), me.company.name],
  ]
  return (
    <Section title={t('settings.profile')} className={styles.section}>
      <dl className={styles.rows}>{rows.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>
    </Section>
  )
}

function Appearance() {
  const { t } = useTranslation()
  const me = useMe()
  const { choice, setChoice } = useTheme()
  const queryClient = useQueryClient()
  const toast = useToast()
  const text = useErrorText()
  const changeLocale = async (locale: 'zh-CN' | 'en') => {
    try {
      queryClient.setQueryData(queries.me().queryKey, await saveLocale(locale))
      await queryClient.invalidateQueries()
    } catch (error) {
      toast({ title: text(error), tone: 'behind' })
    }
  }
  return (
    <Section title={t('settings.appearance')} className={styles.section}>
      <dl className={styles.rows}>
        <div>
          <dt id="set-language">{t('settings.language')}</dt>
          <dd><Segmented<'zh-CN' | 'en'> aria-labelledby="set-language" value={me.locale} onChange={(value) => void changeLocale(value)} options={[{ value: 'zh-CN', label: t('settings.chinese') }, { value: 'en', label: 'English' }]} /></dd>
        </div>
        <div>
          <dt id="set-theme">{t('settings.theme')}</dt>
          <dd><Segmented<Choice> aria-labelledby="set-theme" value={choice} onChange={setChoice} options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`settings.theme_${value}`) }))} /></dd>
        </div>
      </dl>
    </Section>
  )
}

function Password() {
  const { t } = useTranslation()
  const toast = useToast()
  const [open, setOpen] = useState(false)
  return (
    <Section title={t('session.password')} className={styles.section}>
      {open
        ? <div className={styles.form}><PasswordForm onDone={() => { setOpen(false); toast({ title: t('session.password_changed') }) }} /></div>
        : <Button onClick={() => setOpen(true)}>{t('session.change_password')}</Button>}
    </Section>
  )
}

function Api() {
  const { t } = useTranslation()
  return (
    <Section title={t('settings.api')} className={styles.section}>
      <p className={styles.help}>{t('settings.api_help')}</p>
      <Link to="/api/docs">{t('settings.api_open')}</Link>
    </Section>
  )
}

function Sessions() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const toast = useToast()
  const text = useErrorText()
  const leave = async (end: () => Promise<unknown>) => {
    try {
      await end()
      await navigate('/sign-in')
      queryClient.clear()
    } catch (error) {
      toast({ title: text(error), tone: 'behind' })
    }
  }
  return (
    <Section title={t('settings.sessions')} className={styles.section}>
      <p className={styles.help}>{t('settings.sessions_help')}</p>
      <div className={styles.buttons}>
        <Button onClick={() => void leave(signOut)}>{t('session.sign_out')}</Button>
        <Button danger onClick={() => void leave(signOutEverywhere)}>{t('settings.sign_out_everywhere')}</Button>
      </div>
    </Section>
  )
}
