import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '@fontsource-variable/inter/index.css'
import './app/global.css'
import { App } from './app/App'
import { applyInitialTheme } from './components/theme/theme'
import { startI18n } from './locales/i18n'

applyInitialTheme()
await startI18n()
const root = document.getElementById('root')
if (root) createRoot(root).render(<StrictMode><App /></StrictMode>)
