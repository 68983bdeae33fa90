import { useTranslation } from 'react-i18next'
import { deskQueries } from '@/api/desk'
import type { First } from '@/api/first'
import { queries, seesTeams, useMe } from '@/api/queries'
import { recordQueries } from '@/api/records'
import type { Me } from '@/api/types'
import { PageHeader } from '@/components/ui/PageHeader'
import { Segmented } from '@/components/ui/Segmented'
import { useFilters } from '@/components/ui/paramsState'
import { MyDesk } from './MyDesk'
import { Pins } from './Pins'
import { TeamDesk } from './TeamDesk'
import { Waiting } from './Waiting'

/** Whose desk it is, for whom the address asks and the role allows. */
function viewOf(me: Me, params: URLSearchParams) {
  const leads = seesTeams(me) && (me.role === 'manager' || me.role === 'director')
  const sells = me.person !== null && me.permissions.includes('edit_sales')
  return { both: leads && sells, view: leads && (params.get('view') !== 'mine' || !sells) ? 'team' : sells ? 'mine' : 'waiting' }
}

export const first: First = (client, me, params) => {
  const { view } = viewOf(me, params)
  const desk = view === 'team'
    ? [client.prefetchQuery(deskQueries.team(params.get('team'))), client.prefetchQuery(queries.teams())]
    : view === 'mine' ? [client.prefetchQuery(deskQueries.own()), client.prefetchQuery(deskQueries.news())] : [client.prefetchQuery(deskQueries.waiting())]
  return Promise.all([client.prefetchQuery(recordQueries.pins()), ...desk])
}

/** The page that a day begins on: for who sells their own, for who leads their team's, for the others what waits for them. */
export function DeskPage() {
  const { t } = useTranslation()
  const me = useMe()
  const [params, setFilters] = useFilters()
  const { both, view } = viewOf(me, params)
  return (
    <>
      <PageHeader title={t('menu.desk')}>
        {both && <Segmented value={view} onChange={(next) => setFilters({ view: next === 'mine' ? 'mine' : null, why: null, record: null })} options={[{ value: 'team', label: t('desk.view.team') }, { value: 'mine', label: t('desk.view.mine') }]} aria-label={t('desk.view.label')} />}
      </PageHeader>
      <Pins />
      {view === 'team' ? <TeamDesk /> : view === 'mine' ? <MyDesk /> : <Waiting />}
    </>
  )
}
