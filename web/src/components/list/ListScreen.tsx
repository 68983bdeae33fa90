import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { useMe } from '@/api/queries'
import { useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { Empty, ErrorState } from '@/components/ui/States'
import { useFilters } from '@/components/ui/paramsState'
import { usePhone } from '@/components/ui/useMediaQuery'
import { activeFilters, cleared, columnsOf, queryOf, sortOf } from './address'
import { ChosenBar } from './ChosenBar'
import { ColumnsMenu, useColumns } from './ColumnsMenu'
import { ExportLink } from './ExportLink'
import { ListSkeleton } from './ListSkeleton'
import { ListView } from './ListView'
import type { Around, ListKind, Lookups, Row } from './model'
import { useRestore } from './useRestore'
import { useRows } from './useRows'
import styles from './List.module.css'

const FilterBar = lazy(() => import('./FilterBar').then((module) => ({ default: module.FilterBar })))

interface Props<T extends Row> {
  kind: ListKind<T>
  /** Before the filters: tabs, a switch. */
  lead?: ReactNode
  lookups?: Lookups
  /** What `?new=` opens, for those who may write. */
  creates?: string | null
}

/** A list as a page: filters, rows, what is chosen. All of its state is in the address. */
export function ListScreen<T extends Row>({ kind, lead, lookups = {}, creates }: Props<T>) {
  const { t } = useTranslation()
  const phone = usePhone()
  const [params, set] = useFilters()
  const query = queryOf(kind, params)
  const { data, error, refetch, loaded, isPlaceholderData, hasNextPage, onView } = useRows<T>(kind.kind, query)
  const [choice, choose] = useColumns(kind.kind, params, set)
  const columns = useMemo(() => columnsOf(kind, params.get('columns'), choice), [kind, params, choice])
  const [chosen, setChosen] = useChosen(query)
  const around = useAround(loaded.names, lookups)
  const archived = kind.archives === true && params.get('archived') === 'true'
  const restore = useRestore(kind)
  const narrowed = archived || activeFilters(kind.filters, params).length > 0
  const known = (param: string) => [...new Set(loaded.rows.flatMap((row) => { const word = (row as unknown as Record<string, unknown>)[param]; return typeof word === 'string' && word ? [word] : [] }))]

  return (
    <div className={styles.screen}>
      <div className={styles.bar}>
        {lead}
        <Suspense fallback={null}><FilterBar filters={kind.filters} archives={kind.archives === true} params={params} set={set} lookups={lookups} names={loaded.names} known={known} /></Suspense>
        <div className={styles.tools}>
          {!phone && <ColumnsMenu kind={kind} shown={columns} choose={choose} />}
          {!phone && <ExportLink kind={kind.kind} query={query} />}
          {creates && <NewLink creates={creates} />}
        </div>
      </div>
      {error && !data
        ? <ErrorState error={error} retry={() => void refetch()} />
        : !data
          ? <ListSkeleton columns={columns} />
          : loaded.rows.length === 0
            ? narrowed
              ? <Empty title={t('list.none_found')} action={<Button onClick={() => set({ ...cleared(kind.filters) })}>{t('list.clear')}</Button>}>{t('list.none_found_help')}</Empty>
              : <Empty title={t(`list.empty.${kind.kind}`)} action={creates && <NewLink creates={creates} primary />}>{t(`list.empty_help.${kind.kind}`)}</Empty>
            : (
              <>
                <ListView
                  kind={kind} columns={columns} rows={loaded.rows} more={hasNextPage} old={isPlaceholderData} around={around} sort={sortOf(kind, params)} setSort={(sort) => set({ sort })}
                  chosen={chosen} setChosen={setChosen} onView={onView} restore={archived ? (row) => restore([row]) : null}
                />
                {chosen.size > 0 && <ChosenBar kind={kind} rows={loaded.rows.filter((row) => chosen.has(row.id))} names={loaded.names} writes={creates != null} clear={() => setChosen(new Set())} restore={archived ? restore : null} />}
              </>
            )}
    </div>
  )
}

/** What is chosen holds for the question it was chosen in. */
function useChosen(query: string) {
  const [state, setState] = useState<{ query: string; chosen: ReadonlySet<string> }>({ query, chosen: new Set() })
  const chosen = state.query === query ? state.chosen : new Set<string>()
  return [chosen, (next: ReadonlySet<string>) => setState({ query, chosen: next })] as const
}

function useAround(names: ReadonlyMap<string, string>, lookups: Lookups): Around {
  const { t } = useTranslation()
  const format = useFormat()
  const { today, timezone } = useMe().company
  return useMemo(() => {
    const options = new Map(Object.values(lookups).flatMap((list) => (list ?? []).map(({ value, label }) => [value, label])))
    const name = (id: string | null | undefined) => (id ? names.get(id) ?? options.get(id) ?? '\u2014' : '\u2014')
    return { t, format, name, today, timezone }
  }, [format, lookups, names, t, timezone, today])
}

/** Sets `?new=` in the address: the form opens over the page. */
export function NewLink({ creates, primary = false }: { creates: string; primary?: boolean }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const { search } = useLocation()
  const params = new URLSearchParams(search)
  params.set('new', creates)
  const label = t(`list.new.${creates}`)
  return <Link to={{ search: `?${params.toString()}` }} className={styles.new} aria-label={label} data-alone={phone && !primary}><Plus size={phone ? 20 : 15} aria-hidden />{phone && !primary ? null : label}</Link>
}
