import { lazy, Suspense } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { First } from '@/api/first'
import { queries, useMe } from '@/api/queries'
import type { Me, Team } from '@/api/types'
import { PageHeader } from '@/components/ui/PageHeader'
import { useFilters } from '@/components/ui/paramsState'
import { PeriodPicker } from '@/components/ui/PeriodPicker'
import { Bone, BoneRows, Empty, ErrorState } from '@/components/ui/States'
import { TeamHead } from './TeamHead'
import { TeamTable } from './TeamTable'

const Filters = lazy(() => import('./Filters').then((module) => ({ default: module.Filters })))

/** Your own team when it is in reach, else the top of what you may see. */
const teamOf = (me: Me, params: URLSearchParams, teams: Team[] | undefined) => params.get('team') ?? teams?.find(({ id }) => id === me.team?.id)?.id ?? teams?.[0]?.id ?? ''

export const first: First = async (client, me, params) => {
  const team = teamOf(me, params, await client.ensureQueryData(queries.teams()))
  if (team) await client.prefetchQuery(queries.attainment(team, params.get('period') ?? me.periods.month, params.get('metric')))
}

/** Attainment beside pace, for the team and for each of its members. */
export function TeamPage() {
  const { t } = useTranslation()
  const me = useMe()
  const [params, setFilters] = useFilters()
  const { data: teams, error: teamsError } = useQuery(queries.teams())
  const period = params.get('period') ?? me.periods.month
  const metric = params.get('metric')
  const team = teamOf(me, params, teams)
  const { data, error, refetch } = useQuery({ ...queries.attainment(team, period, metric), enabled: team !== '' })
  const change = (changes: Record<string, string>) => setFilters({ ...changes, why: null, record: null })

  return (
    <>
      <PageHeader title={t('team.title')}>
        <Suspense fallback={null}><Filters teams={teams ?? []} team={team} metric={metric ?? data?.metric.code} shown={data?.metric} change={change} /></Suspense>
        <PeriodPicker value={period} current={me.periods.month} onChange={(next) => change({ period: next })} />
      </PageHeader>
      {error ?? teamsError
        ? <ErrorState error={error ?? teamsError} retry={() => void refetch()} />
        : teams?.length === 0
          ? <Empty title={t('team.none')}>{t('team.none_help')}</Empty>
          : data ? <><TeamHead data={data} /><TeamTable data={data} /></> : <TeamSkeleton />}
    </>
  )
}

function TeamSkeleton() {
  return <><div style={{ display: 'flex', gap: 40, marginBottom: 24, alignItems: 'center' }}><Bone w={180} h={64} /><Bone h={18} /></div><BoneRows rows={7} /></>
}
