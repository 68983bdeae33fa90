import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react'
import ConfigProvider from 'antd/es/config-provider'
import zhCN from 'antd/locale/zh_CN'
import enUS from 'antd/locale/en_US'
import { ChevronDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMediaQuery } from '@/components/ui/useMediaQuery'
import { antdTheme, applyPalette, type Mode } from './tokens'

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

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
const csp = { nonce }
/** The same arrow on every control that opens a choice. */
const choices = { suffixIcon: <ChevronDown size={14} aria-hidden /> }

/** Theme, Ant Design's language and the style nonce for everything below. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const [choice, setStored] = useState<Choice>(readChoice)
  const systemDark = useMediaQuery('(prefers-color-scheme: dark)')
  const touch = useMediaQuery('(max-width: 719px)')
  const mode: Mode = choice === 'system' ? (systemDark ? 'dark' : 'light') : choice
  const { i18n } = useTranslation()

  useEffect(() => applyPalette(mode), [mode])
  const value = useMemo<ThemeValue>(() => ({
    choice, mode,
    setChoice: (next) => {
      if (next === 'system') localStorage.removeItem(KEY)
      else localStorage.setItem(KEY, next)
      setStored(next)
    },
  }), [choice, mode])
  const theme = useMemo(() => antdTheme(mode, touch), [mode, touch])

  return (
    <ThemeContext value={value}>
      <ConfigProvider theme={theme} csp={csp} locale={i18n.language === 'en' ? enUS : zhCN} wave={{ disabled: true }} button={{ autoInsertSpace: false }} select={choices}>
        {children}
      </ConfigProvider>
    </ThemeContext>
  )
}

/** The palette before React runs, so that the first paint has the right colours. */
export function applyInitialTheme() {
  const choice = readChoice()
  applyPalette(choice === 'system' ? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light') : choice)
}
