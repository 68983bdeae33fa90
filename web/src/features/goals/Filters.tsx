import { useMemo } from 'react'
import { ChevronDown } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries'
import type { Team } from '@/api/types'
import { Select, TreeSelect } from '@/components/antd/soon'

interface Node { value: string; title: string; children: Node[] }

/** The teams one may see, as a tree; a team whose parent is out of reach is a root. */
function treeOf(teams: Team[]): Node[] {
  const nodes = new Map(teams.map((team) => [team.id, { value: team.id, title: team.name, children: [] as Node[] }]))
  const roots: Node[] = []
  for (const team of teams) {
    const node = nodes.get(team.id)
    const parent = team.parent_id ? nodes.get(team.parent_id) : undefined
    if (node) (parent?.children ?? roots).push(node)
  }
  return roots
}

export function Filters({ teams, team, metric, shown, change }: { teams: Team[]; team: string; metric: string | undefined; shown: { code: string; name: string } | undefined; change: (changes: Record<string, string>) => void }) {
  const { t } = useTranslation()
  const { data: metrics } = useQuery(queries.metrics())
  const tree = useMemo(() => treeOf(teams), [teams])
  // The one that is shown has its name before the others are known.
  const options = useMemo(() => (metrics ?? (shown ? [shown] : [])).map(({ code, name }) => ({ value: code, label: name })), [metrics, shown])
  return (
    <>
      {teams.length > 1 && (
        <TreeSelect
          aria-label={t('team.choose')} value={team || undefined} onChange={(next: string) => change({ team: next })} treeData={tree} treeDefaultExpandAll suffixIcon={<ChevronDown size={14} aria-hidden />}
          showSearch={{ treeNodeFilterProp: 'title' }} popupMatchSelectWidth={260} style={{ minWidth: 96, maxWidth: 200 }}
        />
      )}
      <Select aria-label={t('team.choose_metric')} value={options.some(({ value }) => value === metric) ? metric : undefined} onChange={(next) => change({ metric: next })} options={options} loading={!metrics} showSearch={{ optionFilterProp: 'label' }} popupMatchSelectWidth={220} style={{ minWidth: 104, maxWidth: 180 }} />
    </>
  )
}
