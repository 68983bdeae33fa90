import { useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { catalogQueries } from '@/api/catalog'
import { queries, useMe } from '@/api/queries'
import { Select } from '@/components/antd/Select'
import { Input } from '@/components/antd/controls'
import { Button } from '@/components/ui/Button'
import { Segmented } from '@/components/ui/Segmented'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import { useFilters } from '@/components/ui/paramsState'
import { LEVELS, matrix, type Level, type MatrixQuery } from './targets'
import { TargetTable } from './TargetTable'
import styles from './Targets.module.css'

/** Targets of a team and its parts by month: typed, pasted, summed. */
export function TargetsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const [params, set] = useFilters()
  const { data: metrics } = useQuery(queries.metrics())
  const metric = params.get('metric') ?? metrics?.find(({ code }) => code === 'won_amount')?.code ?? metrics?.[0]?.code ?? ''
  const year = params.get('year') ?? me.periods.month.slice(0, 4)
  const level = LEVELS.find((one) => one === params.get('level')) ?? 'base'
  const query: MatrixQuery = { metric, year }
  for (const name of ['team_id', 'product_line', 'region', 'tier'] as const) { const value = params.get(name); if (value) query[name] = value }
  const { data, error, refetch, isPlaceholderData } = useQuery({ ...matrix(query), enabled: metric !== '' })
  return (
    <>
      <SettingsHeader title={t('setup.targets.title')} />
      <div className={styles.page}>
        <div className={styles.bar}>
          <Select aria-label={t('setup.targets.metric')} className={styles.metric} value={metric || undefined} options={metrics?.map(({ code, name }) => ({ value: code, label: name }))} onChange={(next) => set({ metric: next })} showSearch={{ optionFilterProp: 'label' }} popupMatchSelectWidth={220} />
          <span className={styles.year}>
            <Button type="text" icon={<ChevronLeft size={16} />} aria-label={t('period.previous_year')} onClick={() => set({ year: String(Number(year) - 1) })} />
            <strong>{t('period.year', { year })}</strong>
            <Button type="text" icon={<ChevronRight size={16} />} aria-label={t('period.next_year')} onClick={() => set({ year: String(Number(year) + 1) })} />
          </span>
          <Segmented aria-label={t('setup.targets.level')} value={level} options={LEVELS.map((one) => ({ value: one, label: t(`setup.targets.levels.${one}`) }))} onChange={(next: Level) => set({ level: next === 'base' ? null : next })} />
          <Cuts />
        </div>
        <Path />
        {error && !data ? <ErrorState error={error} retry={() => void refetch()} /> : !data ? <BoneRows rows={8} /> : data.rows.length === 0
          ? <Empty title={t('setup.targets.none')}>{t('setup.targets.none_help')}</Empty>
          : <TargetTable key={JSON.stringify(query)} table={data} query={query} level={level} old={isPlaceholderData} />}
      </div>
    </>
  )
}

/** What the targets are cut by; those of no cut where nothing is chosen. */
function Cuts() {
  const { t } = useTranslation()
  const [params, set] = useFilters()
  const { data: lines = [] } = useQuery(catalogQueries.lines(false))
  return (
    <span className={styles.cuts}>
      {lines.length > 0 && <Select allowClear aria-label={t('setup.targets.product_line')} placeholder={t('setup.targets.product_line')} value={params.get('product_line') ?? undefined} options={lines.map(({ code, name }) => ({ value: code, label: name }))} onChange={(next: string | undefined) => set({ product_line: next ?? null })} popupMatchSelectWidth={false} />}
      {(['region', 'tier'] as const).map((cut) => (
        <Input key={`${cut} ${params.get(cut) ?? ''}`} allowClear aria-label={t(`setup.targets.${cut}`)} placeholder={t(`setup.targets.${cut}`)} defaultValue={params.get(cut) ?? ''} onBlur={(event) => set({ [cut]: event.target.value.trim() || null })} onPressEnter={(event) => set({ [cut]: event.currentTarget.value.trim() || null })} onClear={() => set({ [cut]: null })} />
      ))}
    </span>
  )
}

/** The teams from the top down to the one that is shown. */
function Path() {
  const { t } = useTranslation()
  const me = useMe()
  const [params, set] = useFilters()
  const { data: teams = [] } = useQuery(queries.teams())
  const path: { id: string; name: string }[] = []
  for (let at = teams.find(({ id }) => id === params.get('team_id')); at && path.length < 20; at = teams.find(({ id }) => id === at?.parent_id)) path.unshift(at)
  if (path.length === 0) return null
  return (
    <nav className={styles.path} aria-label={t('setup.targets.path')}>
      <button type="button" onClick={() => set({ team_id: null })}>{me.company.name}</button>
      {path.map((team, index) => <span key={team.id}>{' / '}{index === path.length - 1 ? <strong>{team.name}</strong> : <button type="button" onClick={() => set({ team_id: team.id })}>{team.name}</button>}</span>)}
    </nav>
  )
}
