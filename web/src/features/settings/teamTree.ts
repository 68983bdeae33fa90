import type { Team } from '@/api/types'

/** What a tree needs of a team. */
interface Leaf { id: string; name: string; parent_id?: string | null }
export interface Branch<T> { team: T; children: Branch<T>[] }
export type Node = Branch<Team>

/** Teams below their parents, by name; one whose parent is out of sight stands at the top. */
export function treeOf<T extends Leaf>(teams: readonly T[]): Branch<T>[] {
  const known = new Set(teams.map(({ id }) => id))
  const below = (parent: string | null): Branch<T>[] => teams
    .filter((team) => (team.parent_id && known.has(team.parent_id) ? team.parent_id : null) === parent)
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
    .map((team) => ({ team, children: below(team.id) }))
  return below(null)
}

/** Whether a team is another or somewhere below it. */
export function isBelow(teams: readonly Leaf[], id: string, other: string): boolean {
  const parents = new Map(teams.map((team) => [team.id, team.parent_id ?? null]))
  let at: string | null = id
  for (let steps = 0; at !== null && steps <= teams.length; steps += 1) {
    if (at === other) return true
    at = parents.get(at) ?? null
  }
  return false
}
