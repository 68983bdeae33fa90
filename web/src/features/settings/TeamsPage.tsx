import { useState, type DragEvent } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Archive, ChevronDown, ChevronRight, Pencil, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { send } from '@/api/client'
import type { TeamDetail } from '@/api/organisation'
import { queries, useCan } from '@/api/queries'
import type { Team } from '@/api/types'
import { Button } from '@/components/ui/Button'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import { MoveTeam, TeamSheet } from './TeamSheets'
import { isBelow, treeOf, type Node } from './teamTree'
import { useAttempt, useSaved } from './useSaved'
import styles from './Teams.module.css'

type Open = { kind: 'new'; parent: Team | null } | { kind: 'edit'; team: Team } | { kind: 'move'; team: Team; parent: Team | null } | null

/** The tree of teams: who leads them, how many are in them, what is below what. */
export function TeamsPage() {
  const { t } = useTranslation()
  const may = useCan('manage_people')
  const { data: teams, error, refetch } = useQuery(queries.teams())
  const [open, setOpen] = useState<Open>(null)
  const create = may && <Button type="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setOpen({ kind: 'new', parent: null })}>{t('organisation.new_team')}</Button>
  const close = () => setOpen(null)
  return (
    <div className={styles.page}>
      <SettingsHeader title={t('organisation.teams')}>{create}</SettingsHeader>
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : !teams ? <BoneRows rows={8} /> : teams.length === 0
        ? <Empty title={t('organisation.no_teams')} action={create || undefined}>{t('organisation.no_teams_help')}</Empty>
        : <Tree teams={teams} may={may} open={setOpen} />}
      {open?.kind === 'new' && <TeamSheet parent={open.parent} close={close} />}
      {open?.kind === 'edit' && <TeamSheet team={open.team} parent={null} close={close} />}
      {open?.kind === 'move' && <MoveTeam team={open.team} parent={open.parent} close={close} />}
    </div>
  )
}

interface TreeProps { teams: Team[]; may: boolean; open: (open: Open) => void }

function Tree({ teams, may, open }: TreeProps) {
  const { t } = useTranslation()
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [dragged, setDragged] = useState<Team | null>(null)
  const [over, setOver] = useState<string | null>(null)
  const toggle = (id: string) => setClosed((before) => {
    const next = new Set(before)
    if (!next.delete(id)) next.add(id)
    return next
  })
  // A team goes anywhere but to where it is, and below itself.
  const takes = (target: Team | null) => dragged !== null && dragged.parent_id !== (target?.id ?? null) && dragged.id !== target?.id && !(target && isBelow(teams, target.id, dragged.id))
  const drop = (target: Team | null) => ({
    onDragOver: (event: DragEvent) => { if (takes(target)) { event.preventDefault(); setOver(target?.id ?? 'top') } },
    onDragLeave: () => setOver(null),
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      if (dragged && takes(target)) open({ kind: 'move', team: dragged, parent: target })
      setDragged(null)
      setOver(null)
    },
  })
  const drag = (team: Team) => ({ draggable: may, onDragStart: () => setDragged(team), onDragEnd: () => { setDragged(null); setOver(null) } })
  const branch = (nodes: Node[], depth: number) => (
    <ul className={depth === 0 ? styles.tree : undefined}>
      {nodes.map(({ team, children }) => {
        const isClosed = closed.has(team.id)
        return (
          <li key={team.id}>
            <div className={styles.row} style={{ paddingLeft: depth * 24 }} data-over={over === team.id} data-dragged={dragged?.id === team.id} {...drag(team)} {...drop(team)}>
              {children.length > 0
                ? <button type="button" className={styles.fold} aria-expanded={!isClosed} aria-label={t('organisation.fold', { team: team.name })} onClick={() => toggle(team.id)}>{isClosed ? <ChevronRight size={16} aria-hidden /> : <ChevronDown size={16} aria-hidden />}</button>
                : <span className={styles.fold} />}
              <span className={styles.name}>
                <Link to={`/settings/members?team=${team.id}`}>{team.name}</Link>
                <small>{team.managers.length > 0 ? team.managers.map(({ name }) => name).join(t('list_separator')) : t('organisation.no_manager')}</small>
              </span>
              <span className={styles.count}>{t('organisation.people', { count: team.people_below })}{children.length > 0 && <small>{t('organisation.directly', { count: team.people })}</small>}</span>
              {may && <Actions team={team} open={open} />}
            </div>
            {children.length > 0 && !isClosed && branch(children, depth + 1)}
          </li>
        )
      })}
    </ul>
  )
  return (
    <>
      {may && <p className={styles.help}>{t('organisation.teams_help')}</p>}
      {branch(treeOf(teams), 0)}
      {dragged?.parent_id && <div className={styles.top} data-over={over === 'top'} {...drop(null)}>{t('organisation.to_the_top')}</div>}
    </>
  )
}

function Actions({ team, open }: { team: Team; open: (open: Open) => void }) {
  const { t } = useTranslation()
  const saved = useSaved()
  const attempt = useAttempt()
  const archive = () => attempt(async () => {
    const { etag } = await send<TeamDetail>('GET', `/teams/${team.id}`)
    await send('DELETE', `/teams/${team.id}`, { etag })
    const back = () => attempt(async () => {
      await send('POST', `/teams/${team.id}/restoration`)
      saved({ title: t('organisation.team_back', { team: team.name }) })
    })
    saved({ title: t('organisation.team_away', { team: team.name }), action: { label: t('organisation.undo'), run: back } })
  })
  return (
    <span className={styles.actions}>
      <Button type="text" icon={<Plus size={14} aria-hidden />} aria-label={t('organisation.new_below', { team: team.name })} title={t('organisation.new_below', { team: team.name })} onClick={() => open({ kind: 'new', parent: team })} />
      <Button type="text" icon={<Pencil size={14} aria-hidden />} aria-label={t('organisation.edit_of', { name: team.name })} title={t('organisation.edit')} onClick={() => open({ kind: 'edit', team })} />
      <Button type="text" icon={<Archive size={14} aria-hidden />} aria-label={t('organisation.archive_of', { team: team.name })} title={t('organisation.archive')} onClick={archive} />
    </span>
  )
}
