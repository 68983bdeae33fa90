import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { bulkEdit, undoing, type BulkAnswer, type BulkEdit } from './bulk'
import type { ListKind, Row } from './model'

/** Edits records and says what became of them, with a way back. `names` are the fields of the edit; null puts away. */
export function useBulk<T extends Row>(kind: ListKind<T>) {
  const queryClient = useQueryClient()
  const toast = useToast()
  const { t } = useTranslation()
  const text = useErrorText()
  const news = () => { for (const key of ['list', 'board', 'record', 'search']) void queryClient.invalidateQueries({ queryKey: [key] }) }
  const refusals = ({ refused }: BulkAnswer) => (refused.length > 0 ? t('bulk.left', { count: refused.length, why: refused[0]?.problem.detail ?? '' }) : undefined)

  const undo = async (edits: BulkEdit[]) => {
    try {
      const answer = await bulkEdit(kind.kind, edits, false)
      toast({ title: t('bulk.undone', { count: answer.changed.length }), detail: refusals(answer), tone: answer.refused.length > 0 ? 'behind' : 'ahead' })
    } catch (error) {
      toast({ title: t('bulk.not_undone'), detail: text(error), tone: 'behind' })
    }
    news()
  }

  const run = async (edits: BulkEdit[], names: readonly string[] | null): Promise<BulkAnswer> => {
    const answer = await bulkEdit(kind.kind, edits, false)
    const back = undoing(answer.changed, names)
    toast({
      title: t(names ? 'bulk.done' : 'bulk.archived', { count: answer.changed.length }), detail: refusals(answer), tone: answer.refused.length > 0 ? 'behind' : 'ahead',
      action: back.length > 0 ? { label: t('bulk.undo'), run: () => void undo(back) } : undefined,
    })
    news()
    return answer
  }
  return run
}
