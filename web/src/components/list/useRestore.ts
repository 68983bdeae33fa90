import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { post } from './send'
import type { ListKind, Row } from './model'

/** Brings rows back that were put away; what could not be brought back is said. */
export function useRestore<T extends Row>(kind: ListKind<T>) {
  const queryClient = useQueryClient()
  const toast = useToast()
  const { t } = useTranslation()
  const text = useErrorText()
  return (rows: T[]) => {
    void Promise.allSettled(rows.map((row) => post(`/api/v1/${kind.kind}/${row.id}/restoration`))).then((results) => {
      const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
      const done = results.length - failed.length
      if (done > 0) toast({ title: t('list.restored', { count: done }), tone: 'ahead' })
      if (failed.length > 0) toast({ title: t('list.not_restored', { count: failed.length }), detail: failed[0] instanceof ApiError ? text(failed[0]) : undefined, tone: 'behind' })
      void queryClient.invalidateQueries({ queryKey: ['list'] })
      void queryClient.invalidateQueries({ queryKey: ['board'] })
      void queryClient.invalidateQueries({ queryKey: ['record'] })
    })
  }
}
