import { useState } from 'react'
import { useQueryClient, type QueryKey } from '@tanstack/react-query'
import { ApiError } from '@/api/client'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'

/** What is wrong, by the JSON pointer of the field. */
export type ByPointer = Readonly<Record<string, string>>

/** Writes, keeps what was read before fresh, and says what was refused: at its field where it has one. */
export function useWrite(stale: readonly QueryKey[]) {
  const queryClient = useQueryClient()
  const toast = useToast()
  const text = useErrorText()
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<ByPointer>({})
  const refresh = () => Promise.all(stale.map((queryKey) => queryClient.invalidateQueries({ queryKey })))

  const write = async <T>(work: () => Promise<T>): Promise<T | null> => {
    setBusy(true)
    setProblems({})
    try {
      const done = await work()
      await refresh()
      return done
    } catch (error) {
      if (error instanceof ApiError && error.errors.length > 0) setProblems(Object.fromEntries(error.errors.map(({ pointer, detail }) => [pointer, detail])))
      else {
        toast({ title: text(error), tone: 'behind' })
        if (error instanceof ApiError && error.status === 412) await refresh()
      }
      return null
    } finally {
      setBusy(false)
    }
  }
  return { busy, problems, setProblems, write }
}
