import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Navigate, useLocation } from 'react-router'
import { ApiError } from '@/api/client'
import { queries } from '@/api/queries'
import { readForm } from '@/components/form/address'
import { ErrorState } from '@/components/ui/States'
import { usePhone } from '@/components/ui/useMediaQuery'
import { isLocale, switchLocale } from '@/locales/i18n'
import { useCloseForm } from '../forms/useCloseForm'
import { Shell } from './Shell'
import { ShellSkeleton } from './ShellSkeleton'
import styles from './SignedIn.module.css'

const FormHost = lazy(() => import('../forms/FormHost'))

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
  return <WithForms search={location.search}><Suspense fallback={<ShellSkeleton />}><Shell /></Suspense></WithForms>
}

/** The page, and over it the form that the address asks for; forms load with the first one that is opened. */
function WithForms({ search, children }: { search: string; children: ReactNode }) {
  const phone = usePhone()
  const isOpen = readForm(search) !== null
  const close = useCloseForm(isOpen)
  const [needed, setNeeded] = useState(isOpen)
  if (isOpen && !needed) setNeeded(true)
  return (
    <>
      {/* On the phone the form covers the page: nothing of that can be reached. */}
      <div className={styles.page} inert={phone && isOpen}>{children}</div>
      {needed && <Suspense fallback={null}><FormHost close={close} /></Suspense>}
    </>
  )
}
