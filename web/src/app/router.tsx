import type { QueryClient } from '@tanstack/react-query'
import { createBrowserRouter, type RouteObject } from 'react-router'
import type { First } from '@/api/first'
import { queries } from '@/api/queries'
import { SECTIONS, type Section } from '@/features/settings/sections'
import { withTexts } from '@/locales/i18n'
import { CrashPage, HomeRedirect, NotFoundPage } from './errors/pages'
import { SignedIn } from './shell/SignedIn'

/** A page for which nobody needs to be signed in. */
const open = <K extends string>(load: () => Promise<Record<K, React.ComponentType>>, name: K): RouteObject['lazy'] =>
  async () => ({ Component: (await load())[name] })

/** What the frame and the page show first; what fails here is asked for again, and told, by the page. */
async function firstOf(client: QueryClient, first: First | undefined) {
  const me = await client.fetchQuery(queries.me()).catch(() => null)
  if (!me || me.password_change_required) return
  const frame = [client.prefetchQuery(queries.pace(me.periods.month)), client.prefetchQuery(queries.unread())]
  await Promise.all([...frame, first?.(client, me, new URLSearchParams(location.search)).catch(() => undefined)])
}

/** Longer than this nobody looks at an empty window: the frame comes, and the page's own bones. */
const LONGEST_BLANK_MS = 300

/** Every page of the product. */
export function createAppRouter(client: QueryClient) {
  let started = false
  type Module<K extends string> = Record<K, React.ComponentType> & { first?: First }
  const page = <K extends string>(load: () => Promise<Module<K>>, name: K): RouteObject['lazy'] => async () => {
    const module = await load()
    if (!started) await Promise.race([firstOf(client, module.first), new Promise((done) => { setTimeout(done, LONGEST_BLANK_MS) })])
    started = true
    return { Component: module[name] }
  }

/** The frame of the settings, with their texts. */
const settings = () => withTexts('settings', import('@/features/settings/SettingsLayout'))

/** A section of the settings with the pages below it. */
function sectionRoutes({ path, page: load, below = {} }: Section): RouteObject[] {
  if (!load) return []
  const route = (at: string, component: typeof load): RouteObject => ({ path: at, lazy: async () => ({ Component: await component() }) })
  return [route(path, load), ...Object.entries(below).map(([name, component]) => route(`${path}/${name}`, component))]
}

  return createBrowserRouter([
    { path: '/sign-in', lazy: open(() => import('@/features/session/SignInPage'), 'SignInPage'), ErrorBoundary: CrashPage, HydrateFallback: () => null },
    // Public, as the description it shows.
    { path: '/api/docs', lazy: open(() => import('@/features/api-docs/ApiDocsPage'), 'ApiDocsPage'), ErrorBoundary: CrashPage, HydrateFallback: () => null },
    {
      path: '/',
      Component: SignedIn,
      ErrorBoundary: CrashPage,
      HydrateFallback: () => null,
      children: [
        {
          ErrorBoundary: CrashPage,
          children: [
            { index: true, Component: HomeRedirect },
            { path: 'desk', lazy: page(() => import('@/features/desk/DeskPage'), 'DeskPage') },
            { path: 'inbox', lazy: page(() => import('@/features/inbox/InboxPage'), 'InboxPage') },
            { path: 'pay/:person?', lazy: page(() => import('@/features/pay/PayPage'), 'PayPage') },
            { path: 'team', lazy: page(() => import('@/features/goals/TeamPage'), 'TeamPage') },
            { path: 'leads', lazy: page(() => import('@/features/leads/LeadsPage'), 'LeadsPage') },
            { path: 'accounts', lazy: page(() => import('@/features/customers/CustomersPage'), 'AccountsPage') },
            { path: 'contacts', lazy: page(() => import('@/features/customers/CustomersPage'), 'ContactsPage') },
            { path: 'activities', lazy: page(() => import('@/features/activities/ActivitiesPage'), 'ActivitiesPage') },
            { path: 'opportunities', lazy: page(() => import('@/features/pipeline/OpportunitiesPage'), 'OpportunitiesPage') },
            { path: 'contracts', lazy: page(() => withTexts('sales', import('@/features/contracts/ContractsPage')), 'ContractsPage') },
            { path: 'metrics', lazy: page(() => import('@/features/metrics/MetricsPage'), 'MetricsPage') },
            { path: 'metrics/:code', lazy: page(() => import('@/features/metrics/MetricPage'), 'MetricPage') },
            { path: 'plans', lazy: page(() => import('@/features/plans/PlansPage'), 'PlansPage') },
            { path: 'plans/new', lazy: page(() => withTexts('setup', import('@/features/plans/setup/PlanEditor')), 'PlanEditor') },
            { path: 'plans/:id/edit', lazy: page(() => withTexts('setup', import('@/features/plans/setup/PlanEditor')), 'PlanEditor') },
            { path: 'plans/:id', lazy: page(() => import('@/features/plans/PlanPage'), 'PlanPage') },
            { path: 'guide/:role?', lazy: page(() => import('@/features/guide/GuidePage'), 'GuidePage') },
            { path: 'records/:type/:id', lazy: page(() => import('@/features/records/RecordPage'), 'RecordPage') },
            {
              path: 'settings', lazy: async () => ({ Component: (await settings()).SettingsLayout }),
              children: [{ index: true, lazy: async () => ({ Component: (await settings()).SettingsIndex }) }, ...SECTIONS.flatMap(sectionRoutes)],
            },
            { path: '*', Component: NotFoundPage },
          ],
        },
      ],
    },
  ])
}
