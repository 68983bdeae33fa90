import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useMediaQuery } from '@/components/ui/useMediaQuery'
import { applyPalette, type Mode } from './tokens'

export type Choice = Mode | 'system'
const KEY = 'qiao.theme'

const readChoice = (): Choice => {
  const stored = localStorage.getItem(KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

interface ThemeValue { choice: Choice; mode: Mode; setChoice: (choice: Choice) => void }
const ThemeContext = createContext<ThemeValue | null>(null)

export function useTheme(): ThemeValue {
  const value = use(ThemeContext)
  if (!value) throw new Error('useTheme outside of ThemeProvider')
  return value
}

/** The palette for everything below, and the choice of it. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const [choice, setStored] = useState<Choice>(readChoice)
  const systemDark = useMediaQuery('(prefers-color-scheme: dark)')
  const mode: Mode = choice === 'system' ? (systemDark ? 'dark' : 'light') : choice

  useEffect(() => applyPalette(mode), [mode])
  const value = useMemo<ThemeValue>(() => ({
    choice, mode,
    setChoice: (next) => {
      if (next === 'system') localStorage.removeItem(KEY)
      else localStorage.setItem(KEY, next)
      setStored(next)
    },
  }), [choice, mode])

  return <ThemeContext value={value}>{children}</ThemeContext>
}

/** The palette before React runs, so that the first paint has the right colours. */
export function applyInitialTheme() {
  const choice = readChoice()
  applyPalette(choice === 'system' ? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light') : choice)
}
