import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useSearchParams } from 'react-router'
import type { First } from '@/api/first'
import { useCan } from '@/api/queries'
import { ListScreen } from '@/components/list/ListScreen'
import { Tabs } from '@/components/list/Tabs'
import { PageHeader } from '@/components/ui/PageHeader'
import { withTexts } from '@/locales/i18n'
import { BoardScreen, firstOfBoard } from './BoardScreen'
import { opportunityList } from './opportunityList'
import { useLookups } from './pipelines'

const FunnelScreen = lazy(async () => ({ default: (await withTexts('setup', import('./FunnelScreen'))).FunnelScreen }))
/** What holds for all ways to look at deals. */
const SHARED = ['owner_id', 'team_id', 'pipeline_id']

const VIEWS = ['board', 'list', 'funnel'] as const

const viewOf = (params: URLSearchParams) => VIEWS.find((one) => one === params.get('view')) ?? 'board'

export const first: First = async (client, me, params) => {
  if (viewOf(params) === 'board') await firstOfBoard(client, me, params)
}

/** Deals, as a board, a list or a funnel; which of them is in the address. */
export function OpportunitiesPage() {
  const { t } = useTranslation()
  const [params] = useSearchParams()
  const lookups = useLookups(params.get('pipeline_id'))
  const creates = useCan('edit_sales') ? 'opportunity' : null
  const view = viewOf(params)
  const views = <Views view={view} />
  if (view === 'funnel') return <Suspense fallback={<PageHeader title={t('board.view_funnel')} />}><FunnelScreen lead={views} lookups={lookups} /></Suspense>
  if (view === 'board') return <BoardScreen lead={views} lookups={lookups} creates={creates} />
  return (
    <>
      <PageHeader title={t('menu.opportunities')} />
      <ListScreen kind={opportunityList} lead={views} lookups={lookups} creates={creates} />
    </>
  )
}

function Views({ view: present }: { view: (typeof VIEWS)[number] }) {
  const { t } = useTranslation()
  const { search } = useLocation()
  const params = new URLSearchParams(search)
  const to = (view: string | null) => {
    const next = new URLSearchParams(view ? { view } : {})
    for (const name of SHARED) { const value = params.get(name); if (value) next.set(name, value) }
    const text = next.toString()
    return `/opportunities${text ? `?${text}` : ''}`
  }
  return <Tabs label={t('board.views')} tabs={VIEWS.map((view) => ({ to: to(view === 'board' ? null : view), label: t(`board.view_${view}`), current: view === present }))} />
}
