import { Suspense, useEffect } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Navigate, useLocation } from 'react-router'
import { ApiError } from '@/api/client'
import { queries } from '@/api/queries'
import { ErrorState } from '@/components/ui/States'
import { isLocale, switchLocale } from '@/locales/i18n'
import { Shell } from './Shell'
import { ShellSkeleton } from './ShellSkeleton'

/** Everything below knows who is signed in. */
export function SignedIn() {
  const { data: me, error, refetch } = useQuery(queries.me())
  const location = useLocation()
  const locale = me?.locale
  useEffect(() => {
    if (isLocale(locale)) void switchLocale(locale)
  }, [locale])

  const here = encodeURIComponent(location.pathname + location.search)
  if (error instanceof ApiError && error.status === 401) return <Navigate to={`/sign-in${location.pathname === '/' ? '' : `?next=${here}`}`} replace />
  if (error && !me) return <ErrorState error={error} retry={() => void refetch()} />
  if (!me) return <ShellSkeleton />
  if (me.password_change_required) return <Navigate to={`/sign-in?change=1&next=${here}`} replace />
  return <Suspense fallback={<ShellSkeleton />}><Shell /></Suspense>
}
