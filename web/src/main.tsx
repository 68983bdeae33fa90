import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '@fontsource-variable/inter/index.css'
import './app/global.css'
import { queries } from './api/queries'
import { App, createQueryClient } from './app/App'
import { createAppRouter } from './app/router'
import { applyInitialTheme } from './components/theme/theme'
import { startI18n } from './locales/i18n'

const LONGEST_BLANK_MS = 300

applyInitialTheme()
const queryClient = createQueryClient()
// Side by side: the page's code, for which the router asks, who is signed in, and the texts.
const router = createAppRouter()
const me = location.pathname === '/sign-in' ? null : queryClient.prefetchQuery(queries.me())
// Who waits longer for that sees the frame of the page meanwhile.
await Promise.all([startI18n(), Promise.race([me, new Promise((done) => { setTimeout(done, LONGEST_BLANK_MS) })])])
const root = document.getElementById('root')
if (root) createRoot(root).render(<StrictMode><App queryClient={queryClient} router={router} /></StrictMode>)
