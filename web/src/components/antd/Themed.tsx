import { createContext, use, useMemo, type ReactNode } from 'react'
import ConfigProvider from 'antd/es/config-provider'
import zhCN from 'antd/locale/zh_CN'
import enUS from 'antd/locale/en_US'
import { ChevronDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useTheme } from '@/components/theme/theme'
import { usePhone } from '@/components/ui/useMediaQuery'
import { antdTheme } from './theme'

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
const csp = { nonce }
/** The same arrow on every control that opens a choice. */
const choices = { suffixIcon: <ChevronDown size={14} aria-hidden /> }
/** In a sheet or a popover the options lie in it, too: nothing else is above it. */
const within = (node?: HTMLElement) => node?.closest<HTMLElement>('dialog, [popover]') ?? document.body

const Inside = createContext(false)

/** Ant Design's theme, language and style nonce, around its controls only: pages without any do not load it. */
export function Themed({ children }: { children: ReactNode }) {
  const inside = use(Inside)
  return inside ? children : <Provided>{children}</Provided>
}

function Provided({ children }: { children: ReactNode }) {
  const { mode } = useTheme()
  const touch = usePhone()
  const { i18n } = useTranslation()
  const theme = useMemo(() => antdTheme(mode, touch), [mode, touch])
  return (
    <ConfigProvider theme={theme} csp={csp} locale={i18n.language === 'en' ? enUS : zhCN} wave={{ disabled: true }} select={choices} getPopupContainer={within}>
      <Inside value>{children}</Inside>
    </ConfigProvider>
  )
}
