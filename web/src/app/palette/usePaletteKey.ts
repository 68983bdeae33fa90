import { useEffect, useState } from 'react'

/** Ctrl/Cmd-K anywhere. */
export function usePaletteKey() {
  const state = useState(false)
  const setOpen = state[1]
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setOpen((open) => !open)
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [setOpen])
  return state
}
