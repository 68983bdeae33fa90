import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/Button'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import styles from './Page.module.css'

interface Result<T> {
  data?: { pages: { items: T[] }[] }
  error: unknown
  refetch: () => unknown
  hasNextPage: boolean
  isFetchingNextPage: boolean
  isPlaceholderData: boolean
  fetchNextPage: () => unknown
}

/** A list that grows by a button: skeleton, error, empty and the rows. */
export function Growing<T>({ result, none, children }: { result: Result<T>; none: { title: string; help: string; action?: ReactNode }; children: (rows: T[]) => ReactNode }) {
  const { t } = useTranslation()
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage, isPlaceholderData } = result
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <BoneRows rows={8} />
  const rows = data.pages.flatMap((page) => page.items)
  if (rows.length === 0) return <Empty title={none.title} action={none.action}>{none.help}</Empty>
  return (
    <div className={isPlaceholderData ? styles.old : undefined}>
      {children(rows)}
      {hasNextPage && <div className={styles.more}><Button onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>{t('organisation.more')}</Button></div>}
    </div>
  )
}
