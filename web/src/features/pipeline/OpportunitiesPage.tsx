import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useSearchParams } from 'react-router'
import { useCan } from '@/api/queries'
import { ListScreen } from '@/components/list/ListScreen'
import { Tabs } from '@/components/list/Tabs'
import { PageHeader } from '@/components/ui/PageHeader'
import { opportunityList } from './opportunityList'
import { useLookups } from './pipelines'

const BoardScreen = lazy(() => import('./BoardScreen').then((module) => ({ default: module.BoardScreen })))
/** What holds for both ways to look at deals. */
const SHARED = ['owner_id', 'team_id', 'pipeline_id']

/** Deals, as a board or as a list; which of the two is in the address. */
export function OpportunitiesPage() {
  const { t } = useTranslation()
  const [params] = useSearchParams()
  const lookups = useLookups(params.get('pipeline_id'))
  const creates = useCan('edit_sales') ? 'opportunity' : null
  const list = params.get('view') === 'list'
  const views = <Views list={list} />
  if (!list) return <Suspense fallback={<PageHeader title={t('board.title')} />}><BoardScreen lead={views} lookups={lookups} creates={creates} /></Suspense>
  return (
    <>
      <PageHeader title={t('menu.opportunities')} />
      <ListScreen kind={opportunityList} lead={views} lookups={lookups} creates={creates} />
    </>
  )
}

function Views({ list }: { list: boolean }) {
  const { t } = useTranslation()
  const { search } = useLocation()
  const params = new URLSearchParams(search)
  const to = (view: string | null) => {
    const next = new URLSearchParams(view ? { view } : {})
    for (const name of SHARED) { const value = params.get(name); if (value) next.set(name, value) }
    const text = next.toString()
    return `/opportunities${text ? `?${text}` : ''}`
  }
  return <Tabs label={t('board.views')} tabs={[{ to: to(null), label: t('board.view_board'), current: !list }, { to: to('list'), label: t('board.view_list'), current: list }]} />
}
