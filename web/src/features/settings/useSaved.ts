import { useQueryClient } from '@tanstack/react-query'
import { useErrorText } from '@/components/ui/States'
import { useToast, type ToastText } from '@/components/ui/Toast'

/** After a change: what is shown is asked for again, and what happened is said, with a way back where there is one. */
export function useSaved() {
  const queryClient = useQueryClient()
  const toast = useToast()
  return (message: ToastText) => {
    for (const key of ['settings', 'people', 'teams', 'attainment']) void queryClient.invalidateQueries({ queryKey: [key] })
    toast({ tone: 'ahead', ...message })
  }
}

/** Does something that has no form to show what went wrong. */
export function useAttempt() {
  const toast = useToast()
  const text = useErrorText()
  return (work: () => Promise<unknown>) => void work().catch((error: unknown) => toast({ title: text(error), tone: 'behind' }))
}
