import { lazy, Suspense, type ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { First } from '@/api/first'
import { Select } from '@/components/antd/soon'
import { useFormat } from '@/components/format/format'
import { NewLink } from '@/components/list/ListScreen'
import { valueOf } from '@/components/list/address'
import type { Filter, Lookups } from '@/components/list/model'
import { PageHeader } from '@/components/ui/PageHeader'
import { Bone, Empty, ErrorState } from '@/components/ui/States'
import { useFilters } from '@/components/ui/paramsState'
import { usePhone } from '@/components/ui/useMediaQuery'
import { BoardView } from './BoardView'
import { open } from './moves'
import { board, pipelines, SORTS, type Board, type BoardQuery, type Pipeline, type Sort } from './pipelines'
import styles from './Board.module.css'

const FilterBar = lazy(() => import('@/components/list/FilterBar').then((module) => ({ default: module.FilterBar })))

const FILTERS: Filter[] = [
  { type: 'lookup', param: 'pipeline_id', inline: true },
  { type: 'team', param: 'team_id', inline: true },
  { type: 'owner', param: 'owner_id', inline: true },
]

/** The board with what narrows it; its totals are those of the whole columns, not of the cards in view. */
export function BoardScreen({ lead, lookups, creates }: { lead: ReactNode; lookups: Lookups; creates: string | null }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const format = useFormat()
  const [params, set] = useFilters()
  const { data: known, error: pipelinesError } = useQuery(pipelines())
  const filters = (known?.length ?? 0) > 1 ? FILTERS : FILTERS.filter(({ param }) => param !== 'pipeline_id')
  const { pipeline, sort, options } = askedFor(known, params)
  const { data, error, refetch } = useQuery({ ...options, enabled: pipeline !== undefined })
  const failed = error ?? pipelinesError
  const total = data && open(data)
  const names = new Map(Object.entries(data?.names ?? {}))
  const bar = <Suspense fallback={null}><FilterBar filters={filters} archives={false} params={params} set={set} lookups={lookups} names={names} known={() => []} /></Suspense>
  return (
    <>
      <PageHeader title={t('board.title')}>
        {!phone && bar}
        {!phone && <Select aria-label={t('board.sort')} value={sort} onChange={(next) => set({ sort: next === SORTS[0] ? null : next })} options={SORTS.map((one) => ({ value: one, label: t(`board.by.${one.replace('-', '')}`) }))} popupMatchSelectWidth={false} />}
      </PageHeader>
      <div className={styles.screen}>
        <div className={styles.bar}>
          {lead}
          {phone && bar}
          {total && <span className={styles.totals}>{t('board.open', { count: total.count })}{total.amount && <b>{format.round(total.amount.amount, total.amount.currency, true)}</b>}</span>}
          {creates && <NewLink creates={creates} />}
        </div>
        {failed && !data
          ? <ErrorState error={failed} retry={() => void refetch()} />
          : !data
            ? <BoardSkeleton />
            : isEmpty(data) && params.toString() === ''
              ? <Empty title={t('list.empty.opportunities')} action={creates && <NewLink creates={creates} primary />}>{t('list.empty_help.opportunities')}</Empty>
              : <BoardView key={pipeline?.id} board={data} queryKey={options.queryKey} sort={sort} lookups={lookups} writes={creates !== null} />}
        {data && !phone && <footer className={styles.legend}><span>{creates && t('board.keys')}</span><span>{t('board.adds_up')}</span></footer>}
      </div>
    </>
  )
}

const [, TEAM, OWNER] = FILTERS

/** The pipeline and the order that the address asks for, and the question to the server. */
function askedFor(known: readonly Pipeline[] | undefined, params: URLSearchParams) {
  const pipeline = known?.find(({ id }) => id === params.get('pipeline_id')) ?? known?.[0]
  const sort = SORTS.find((one) => one === params.get('sort')) ?? SORTS[0]
  return { pipeline, sort, options: board(pipeline?.id ?? '', questionOf(params, sort)) }
}

export const firstOfBoard: First = async (client, _me, params) => {
  const { pipeline, options } = askedFor(await client.ensureQueryData(pipelines()), params)
  if (pipeline) await client.prefetchQuery(options)
}

function questionOf(params: URLSearchParams, sort: Sort): BoardQuery {
  const team = TEAM && valueOf(TEAM, TEAM.param, params)
  const owner = OWNER && valueOf(OWNER, OWNER.param, params)
  return { sort, ...(team ? { team_id: team } : {}), ...(owner ? { owner_id: owner } : {}) }
}

const isEmpty = (data: Board) => data.stages.every(({ count }) => count === 0)

function BoardSkeleton() {
  const { t } = useTranslation()
  const phone = usePhone()
  return (
    <div className={styles.board} role="status" aria-label={t('state.loading')}>
      {Array.from({ length: phone ? 1 : 6 }, (_, column) => (
        <div key={column} className={styles.column}>
          <div className={styles.columnHead}><Bone w={84} h={14} /><br /><Bone w={110} h={18} /></div>
          <div className={styles.cards}>{Array.from({ length: 6 }, (_, card) => <span key={card} className={styles.card}><Bone w="70%" h={14} /><Bone w="50%" h={14} /><Bone w="80%" h={12} /></span>)}</div>
        </div>
      ))}
    </div>
  )
}
