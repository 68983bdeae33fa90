import { useTranslation } from 'react-i18next'
import { seesTeams, useMe } from '@/api/queries'
import { PageHeader } from '@/components/ui/PageHeader'
import { Segmented } from '@/components/ui/Segmented'
import { useFilters } from '@/components/ui/paramsState'
import { MyDesk } from './MyDesk'
import { Pins } from './Pins'
import { TeamDesk } from './TeamDesk'
import { Waiting } from './Waiting'

/** The page that a day begins on: for who sells their own, for who leads their team's, for the others what waits for them. */
export function DeskPage() {
  const { t } = useTranslation()
  const me = useMe()
  const [params, setFilters] = useFilters()
  const leads = seesTeams(me) && (me.role === 'manager' || me.role === 'director')
  const sells = me.person !== null && me.permissions.includes('edit_sales')
  const view = leads && (params.get('view') !== 'mine' || !sells) ? 'team' : sells ? 'mine' : 'waiting'
  return (
    <>
      <PageHeader title={t('menu.desk')}>
        {leads && sells && <Segmented value={view} onChange={(next) => setFilters({ view: next === 'mine' ? 'mine' : null, why: null, record: null })} options={[{ value: 'team', label: t('desk.view.team') }, { value: 'mine', label: t('desk.view.mine') }]} aria-label={t('desk.view.label')} />}
      </PageHeader>
      <Pins />
      {view === 'team' ? <TeamDesk /> : view === 'mine' ? <MyDesk /> : <Waiting />}
    </>
  )
}
