import { BookOpen, Building2, ClipboardList, FileText, Gauge, Inbox, LayoutDashboard, KanbanSquare, ReceiptText, Settings, Users, type LucideIcon } from 'lucide-react'
import { seesTeams } from '@/api/queries'
import type { Me } from '@/api/types'

/** `also` are the pages that stand below an entry without one of their own. */
export interface MenuEntry { to: string; label: string; group: 'desk' | 'incentive' | 'goal' | 'process' | 'foot'; icon: LucideIcon; also?: readonly string[] }

/** Whoever works with customers, books their money or looks over it. */
const seesSales = (me: Me) => ['edit_sales', 'edit_contracts', 'view_audit'].some((permission) => me.permissions.some((one) => one === permission))

const ENTRIES: (MenuEntry & { shown: (me: Me) => boolean })[] = [
  { to: '/desk', label: 'menu.desk', group: 'desk', icon: LayoutDashboard, shown: () => true },
  { to: '/pay', label: 'menu.pay', group: 'incentive', icon: ReceiptText, shown: (me) => me.permissions.includes('view_own_pay') && me.person !== null },
  { to: '/team', label: 'menu.team', group: 'goal', icon: Users, shown: seesTeams },
  { to: '/leads', label: 'menu.leads', group: 'process', icon: Inbox, shown: seesSales },
  { to: '/accounts', label: 'menu.customers', group: 'process', icon: Building2, shown: seesSales, also: ['/contacts', '/activities'] },
  { to: '/opportunities', label: 'menu.opportunities', group: 'process', icon: KanbanSquare, shown: seesSales },
  { to: '/contracts', label: 'menu.contracts', group: 'process', icon: FileText, shown: seesSales },
  { to: '/plans', label: 'menu.plans', group: 'incentive', icon: ClipboardList, shown: (me) => me.permissions.includes('view_plans') },
  { to: '/metrics', label: 'menu.metrics', group: 'goal', icon: Gauge, shown: (me) => me.permissions.includes('view_metrics') },
]

/** What everybody has, at the foot of the menu. */
export const FOOT: readonly MenuEntry[] = [
  { to: '/guide', label: 'menu.guide', group: 'foot', icon: BookOpen },
  { to: '/settings', label: 'menu.settings', group: 'foot', icon: Settings },
]
export const GROUPS = ['goal', 'process', 'incentive'] as const

/** Only what exists and what the role may see. */
export const menuFor = (me: Me): MenuEntry[] => ENTRIES.filter((entry) => entry.shown(me))

/** A page belongs to the entry whose address it begins with; a member's pay is reached from the team, it is not one's own. */
export function isAt(entry: MenuEntry, pathname: string): boolean {
  if (entry.to === '/pay') return pathname === '/pay'
  return [entry.to, ...(entry.also ?? [])].some((path) => pathname === path || pathname.startsWith(`${path}/`))
}

/** What a thumb reaches first on the phone; all else is behind "more". */
const THUMB = ['/desk', '/opportunities', '/accounts', '/leads', '/pay', '/team', '/contracts', '/plans', '/metrics']
const IN_BAR = 4

export function tabsFor(me: Me): { bar: MenuEntry[]; more: MenuEntry[] } {
  const entries = menuFor(me)
  const byThumb = [...entries].sort((a, b) => THUMB.indexOf(a.to) - THUMB.indexOf(b.to))
  const bar = byThumb.slice(0, IN_BAR)
  return { bar, more: [...entries.filter((entry) => !bar.includes(entry)), ...FOOT] }
}
