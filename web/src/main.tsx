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

/** Until the page's code, and what it shows first, is there: nothing would be drawn before. */
const ready = (router: ReturnType<typeof createAppRouter>) => new Promise<void>((done) => {
  const end = () => { if (router.state.initialized) done(); return router.state.initialized }
  if (end()) return
  const stop = router.subscribe(() => { if (end()) stop() })
})

applyInitialTheme()
const queryClient = createQueryClient()
// Side by side: the page's code, for which the router asks, who is signed in, and the texts.
const router = createAppRouter(queryClient)
const me = location.pathname === '/sign-in' ? null : queryClient.prefetchQuery(queries.me())
const started = Promise.all([startI18n(), ready(router), Promise.race([me, new Promise((done) => { setTimeout(done, LONGEST_BLANK_MS) })])])
// Not awaited here: the pages import from the file that this is in, and would wait for it while it waits for them.
void started.then(() => {
  const root = document.getElementById('root')
  if (root) createRoot(root).render(<StrictMode><App queryClient={queryClient} router={router} /></StrictMode>)
})
