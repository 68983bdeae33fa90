import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, useLocation } from 'react-router'
import { StepsContext } from '@/components/why/steps'
import { HeaderSlot } from '@/components/ui/PageHeader'
import { usePhone } from '@/components/ui/useMediaQuery'
import { useLiveUpdates } from '../live/useLiveUpdates'
import { Drawer } from '../drawer/Drawer'
import { CommandPalette } from '../palette/CommandPalette'
import { usePaletteKey } from '../palette/usePaletteKey'
import styles from './Shell.module.css'
import { SideBar } from './SideBar'
import { TabBar } from './TabBar'
import { TopBar } from './TopBar'

export function Shell() {
  const { t } = useTranslation()
  const phone = usePhone()
  const [slot, setSlot] = useState<HTMLElement | null>(null)
  const [urls, setUrls] = useState<string[]>([])
  const [palette, setPalette] = usePaletteKey()
  const { pathname } = useLocation()
  useLiveUpdates()
  const main = useFocusOnNavigation(pathname)

  const register = useCallback((next: string[]) => { setUrls(next); return () => setUrls([]) }, [])
  const steps = useMemo(() => ({ urls, register }), [urls, register])

  return (
    <HeaderSlot value={slot}>
      <StepsContext value={steps}>
        <div className={styles.shell}>
          <a className={styles.skip} href="#main">{t('shell.skip')}</a>
          {!phone && <SideBar />}
          <div className={styles.frame}>
            <TopBar setSlot={setSlot} openPalette={() => setPalette(true)} />
            <div className={styles.body}>
              <main id="main" ref={main} className={styles.page} tabIndex={-1} key={pathname.startsWith('/settings') ? '/settings' : pathname}><Outlet /></main>
              <Drawer />
            </div>
          </div>
          {phone && <TabBar />}
          {palette && <CommandPalette close={() => setPalette(false)} />}
        </div>
      </StepsContext>
    </HeaderSlot>
  )
}

/** Whoever came by a link that went with its page goes on from the top of the new one, not from the menu. */
function useFocusOnNavigation(pathname: string) {
  const main = useRef<HTMLElement>(null)
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current === pathname) return
    before.current = pathname
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true })
  }, [pathname])
  return main
}
