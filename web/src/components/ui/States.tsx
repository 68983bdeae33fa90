import type { ReactNode } from 'react'
import { CircleAlert, Inbox } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import { Button } from '@/components/ui/Button'
import styles from './States.module.css'

/** A grey block of the size of what is loading. */
export function Bone({ w = '100%', h = 14, r = 4 }: { w?: number | string; h?: number; r?: number }) {
  return <span className={styles.bone} style={{ width: w, height: h, borderRadius: r }} />
}

export function BoneRows({ rows = 6, height = 36 }: { rows?: number; height?: number }) {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('state.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles.boneRow} style={{ height }}>
          <Bone w={44} h={12} /><Bone w={`${34 - (row % 3) * 6}%`} h={12} /><span className={styles.grow} /><Bone w={72} h={12} /><Bone w={52} h={18} />
        </div>
      ))}
    </div>
  )
}

export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.state}>
      <Inbox size={28} strokeWidth={1.4} aria-hidden />
      <strong>{title}</strong>
      {children && <p>{children}</p>}
      {action}
    </div>
  )
}

/** The words for what went wrong: by code where we know it, else by status. */
export function useErrorText() {
  const { t, i18n } = useTranslation()
  return (error: unknown): string => {
    if (!(error instanceof ApiError)) return t('error.unknown')
    if (i18n.exists(`error.code.${error.code}`)) return t(`error.code.${error.code}`)
    if (error.detail && error.status >= 400 && error.status < 500) return error.detail
    return t(error.status === 403 ? 'error.forbidden' : error.status === 404 ? 'error.not_found' : error.status >= 500 ? 'error.server' : 'error.unknown')
  }
}

export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  const text = useErrorText()
  const final = error instanceof ApiError && (error.status === 403 || error.status === 404)
  return (
    <div className={styles.state} role="alert">
      <CircleAlert size={28} strokeWidth={1.4} aria-hidden />
      <strong>{text(error)}</strong>
      {final
        ? <p>{t(error.status === 403 ? 'error.forbidden_help' : 'error.not_found_help')}</p>
        : retry && <Button onClick={retry}>{t('action.retry')}</Button>}
    </div>
  )
}
