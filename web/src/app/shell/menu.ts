import { ClipboardList, Gauge, ReceiptText, Settings, Users, type LucideIcon } from 'lucide-react'
import { seesTeams } from '@/api/queries'
import type { Me } from '@/api/types'

export interface MenuEntry { to: string; label: string; group: 'incentive' | 'goal' | 'settings'; icon: LucideIcon }

const ENTRIES: (MenuEntry & { shown: (me: Me) => boolean })[] = [
  { to: '/pay', label: 'menu.pay', group: 'incentive', icon: ReceiptText, shown: (me) => me.permissions.includes('view_own_pay') && me.person !== null },
  { to: '/team', label: 'menu.team', group: 'goal', icon: Users, shown: seesTeams },
  { to: '/plans', label: 'menu.plans', group: 'incentive', icon: ClipboardList, shown: (me) => me.permissions.includes('view_plans') },
  { to: '/metrics', label: 'menu.metrics', group: 'goal', icon: Gauge, shown: (me) => me.permissions.includes('view_metrics') },
]

export const SETTINGS: MenuEntry = { to: '/settings', label: 'menu.settings', group: 'settings', icon: Settings }
export const GROUPS = ['incentive', 'goal'] as const

/** Only what exists and what the role may see. */
export const menuFor = (me: Me): MenuEntry[] => ENTRIES.filter((entry) => entry.shown(me))
