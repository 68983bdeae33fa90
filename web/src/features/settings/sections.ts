import type { Me } from '@/api/types'

export const SECTION_GROUPS = ['me', 'organisation', 'sales', 'data'] as const

type Load = () => Promise<React.ComponentType>

/** A part of the settings. A new one is a line here: the list, the routes and the command palette follow. */
export interface Section {
  /** Below `/settings`, or a page of its own where it begins with a slash. */
  path: string
  /** The key of its name in the language files. */
  label: string
  group: (typeof SECTION_GROUPS)[number]
  /** What one needs, any of them, to be shown it; nothing where everybody is. The server says who has it. */
  permission?: readonly Me['permissions'][number][]
  /** The page; none for a link to a page of its own. */
  page?: Load
  /** Pages below it, by their path below its own: `:id`. */
  below?: Readonly<Record<string, Load>>
}

export const SECTIONS: readonly Section[] = [
  { path: 'profile', label: 'settings.profile', group: 'me', page: async () => (await import('@/features/session/ProfilePage')).ProfilePage },
  { path: '/plans', label: 'menu.plans', group: 'sales', permission: ['publish_plans', 'manage_users'] },
]

export const addressOf = (section: Section): string => (section.path.startsWith('/') ? section.path : `/settings/${section.path}`)

const sees = (me: Me, { permission }: Section): boolean => !permission || permission.some((one) => me.permissions.includes(one))

export const sectionsFor = (me: Me): Section[] => SECTIONS.filter((section) => sees(me, section))

/** The section that an address belongs to: the first where it is that of the settings as a whole. */
export function sectionAt(pathname: string): Section | undefined {
  const here = pathname.replace(/\/+$/, '')
  if (here === '/settings') return SECTIONS[0]
  return SECTIONS.find((section) => here === addressOf(section) || here.startsWith(`${addressOf(section)}/`))
}
