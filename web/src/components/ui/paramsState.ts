import { useCallback } from 'react'
import { useSearchParams } from 'react-router'

/** A change of the filters in the address. Filters replace the entry: back leads to the page before, not to each filter. */
export function useFilters() {
  const [params, setParams] = useSearchParams()
  const set = useCallback((changes: Record<string, string | null>) => {
    setParams((before) => {
      const next = new URLSearchParams(before)
      for (const [key, value] of Object.entries(changes)) {
        if (value === null || value === '') next.delete(key)
        else next.set(key, value)
      }
      return next
    }, { replace: true, preventScrollReset: true })
  }, [setParams])
  return [params, set] as const
}
