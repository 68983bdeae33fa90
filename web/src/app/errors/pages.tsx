import { useTranslation } from 'react-i18next'
import { Navigate, useNavigate, useRouteError } from 'react-router'
import { ApiError } from '@/api/client'
import { useMe } from '@/api/queries'
import { Button } from '@/components/ui/Button'
import { PageHeader } from '@/components/ui/PageHeader'
import { Empty, ErrorState } from '@/components/ui/States'
import { menuFor } from '../shell/menu'

/** The first page that the role has. */
export function HomeRedirect() {
  return <Navigate to={menuFor(useMe())[0]?.to ?? '/settings'} replace />
}

export function NotFoundPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <>
      <PageHeader title={t('error.not_found')} />
      <Empty title={t('error.not_found')} action={<Button onClick={() => void navigate('/')}>{t('action.home')}</Button>}>{t('error.not_found_help')}</Empty>
    </>
  )
}

/** What is shown when a page breaks: the words, and the way on. */
export function CrashPage() {
  const error = useRouteError()
  const { t } = useTranslation()
  const navigate = useNavigate()
  if (error instanceof ApiError) return <ErrorState error={error} retry={() => location.reload()} />
  return <Empty title={t('error.crash')} action={<span><Button type="primary" onClick={() => location.reload()}>{t('action.reload')}</Button> <Button onClick={() => void navigate('/')}>{t('action.home')}</Button></span>}>{t('error.crash_help')}</Empty>
}
