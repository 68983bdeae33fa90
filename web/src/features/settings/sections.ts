import type { Me } from '@/api/types'
import { withTexts } from '@/locales/i18n'

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
  { path: 'tokens', label: 'organisation.tokens', group: 'me', page: async () => (await import('./TokensPage')).TokensPage },
  { path: 'company', label: 'organisation.company', group: 'organisation', permission: ['manage_company'], page: async () => (await import('./CompanyPage')).CompanyPage },
  {
    path: 'members', label: 'organisation.members', group: 'organisation', permission: ['manage_people'], page: async () => (await import('./MembersPage')).MembersPage,
    below: { ':id': async () => (await import('./MemberPage')).MemberPage },
  },
  { path: 'teams', label: 'organisation.teams', group: 'organisation', permission: ['manage_people'], page: async () => (await import('./TeamsPage')).TeamsPage },
  { path: 'users', label: 'organisation.users', group: 'organisation', permission: ['manage_users'], page: async () => (await import('./UsersPage')).UsersPage },
  { path: 'roles', label: 'organisation.roles_title', group: 'organisation', permission: ['manage_users', 'manage_people', 'view_audit'], page: async () => (await import('./RolesPage')).RolesPage },
  { path: 'calendar', label: 'organisation.calendar', group: 'organisation', permission: ['manage_company'], page: async () => (await import('./CalendarPage')).CalendarPage },
  { path: 'products', label: 'settings.products', group: 'sales', permission: ['manage_catalog'], page: async () => (await withTexts('setup', import('@/features/catalog/ProductsPage'))).ProductsPage },
  { path: 'pipelines', label: 'settings.pipelines', group: 'sales', permission: ['manage_catalog'], page: async () => (await withTexts('setup', import('@/features/pipeline/setup/PipelinesPage'))).PipelinesPage },
  { path: 'metrics', label: 'settings.metrics', group: 'sales', permission: ['manage_metrics'], page: async () => (await withTexts('setup', import('@/features/metrics/setup/DictionaryPage'))).DictionaryPage, below: { ':code': async () => (await withTexts('setup', import('@/features/metrics/setup/MetricEditor'))).MetricEditor } },
  { path: 'targets', label: 'settings.targets', group: 'sales', permission: ['manage_targets', 'view_metrics'], page: async () => (await withTexts('setup', import('@/features/goals/targets/TargetsPage'))).TargetsPage },
  { path: '/plans', label: 'menu.plans', group: 'sales', permission: ['publish_plans', 'manage_users'] },
  { path: 'imports', label: 'imports.title', group: 'data', permission: ['import'], page: async () => (await import('@/features/imports/ImportsPage')).ImportsPage, below: { ':id': async () => (await import('@/features/imports/ImportRunPage')).ImportRunPage } },
  { path: 'audit', label: 'organisation.audit.title', group: 'data', permission: ['view_audit'], page: async () => (await import('./AuditPage')).AuditPage },
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
