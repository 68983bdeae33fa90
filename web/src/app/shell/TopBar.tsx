import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Bell, Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { queries, useMe } from '@/api/queries'
import { signOut } from '@/api/session'
import { ratioOf } from '@/components/format/decimal'
import { formatPercent, monthName, useFormat } from '@/components/format/format'
import { Menu } from '@/components/ui/Menu'
import { usePhone } from '@/components/ui/useMediaQuery'
import { WhyLink } from '@/components/why/WhyLink'
import styles from './Shell.module.css'

/** As the keyboard in front of one says it. */
const COMMAND_K = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K'

export function TopBar({ setSlot, openPalette }: { setSlot: (slot: HTMLElement | null) => void; openPalette: () => void }) {
  const { t } = useTranslation()
  const phone = usePhone()
  return (
    <header className={styles.top}>
      <div className={styles.slot} ref={setSlot} />
      {phone
        ? <><BellLink /><button type="button" className={styles.iconButton} onClick={openPalette} aria-label={t('palette.open')}><Search size={20} strokeWidth={1.7} aria-hidden /></button></>
        : (
          <>
            <PaceBar />
            <button type="button" className={styles.search} onClick={openPalette}>
              <Search size={14} aria-hidden /><span>{t('palette.short')}</span><kbd>{COMMAND_K}</kbd>
            </button>
            <BellLink />
            <AvatarMenu />
          </>
        )}
    </header>
  )
}

/** The way to the inbox, with how much there is to read. */
function BellLink() {
  const { t } = useTranslation()
  const { data: unread = 0 } = useQuery(queries.unread())
  return (
    <Link to="/inbox" className={styles.bell} aria-label={unread > 0 ? t('shell.inbox_unread', { count: unread }) : t('shell.inbox')} title={t('shell.inbox')} data-testid="bell">
      <Bell size={18} strokeWidth={1.7} aria-hidden />
      {unread > 0 && <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>}
    </Link>
  )
}

/** How much of the month's working days is gone. */
function PaceBar() {
  const { t } = useTranslation()
  const me = useMe()
  const { locale } = useFormat()
  const { data } = useQuery(queries.pace(me.periods.month))
  if (!data) return null
  const month = monthName(Number(me.periods.month.slice(5)), locale)
  return (
    <div className={styles.pace}>
      <span>{t('pace.of_month', { month })}</span>
      <span className={styles.paceTrack} aria-hidden="true"><span style={{ width: `${ratioOf(data.ratio, 1) * 100}%` }} /></span>
      <strong><WhyLink url={data.why}>{formatPercent(data.ratio)}</WhyLink></strong>
      <span>{t('pace.days', { gone: data.days_gone, total: data.days_total })}</span>
    </div>
  )
}

function AvatarMenu() {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const leave = async () => {
    await signOut().catch(() => undefined)
    await navigate('/sign-in')
    queryClient.clear()
  }
  return (
    <Menu
      head={`${me.name} · ${t(`role.${me.role}`)}`}
      items={[
        { key: 'settings', label: t('menu.settings'), onClick: () => void navigate('/settings') },
        { key: 'leave', label: t('session.sign_out'), onClick: () => void leave() },
      ]}
      opener={(props) => <button type="button" {...props} className={styles.avatar} aria-label={t('shell.account', { name: me.name })}>{initial(me.name)}</button>}
    />
  )
}

const initial = (name: string) => [...name.trim()][0]?.toUpperCase() ?? '·'
