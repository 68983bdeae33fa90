import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { send, type Versioned } from '@/api/client'
import { organisation, type TeamDetail } from '@/api/organisation'
import type { Team } from '@/api/types'
import { changedBody, SheetForm, type SmallField, type SmallValues } from '@/components/form/SheetForm'
import { Sheet } from '@/components/list/Sheet'
import { Button } from '@/components/ui/Button'
import { BoneRows } from '@/components/ui/States'
import { useAttempt, useSaved } from './useSaved'
import styles from './Page.module.css'

/** A new team, or the one that is there in the version that it has now. */
export function TeamSheet({ team, parent, close }: { team?: Team; parent: Team | null; close: () => void }) {
  const { t } = useTranslation()
  const { data } = useQuery({ ...organisation.team(team?.id ?? ''), enabled: team !== undefined, staleTime: 0, gcTime: 0 })
  if (team && !data) return <Sheet title={team.name} close={close}><BoneRows rows={3} /></Sheet>
  if (!team || !data) return <Fields title={parent ? t('organisation.new_below', { team: parent.name }) : t('organisation.new_team')} initial={{ parent_id: parent?.id ?? '' }} close={close} />
  return <Fields title={team.name} read={data} named={team.managers[0]?.name} initial={{ name: data.data.name, code: data.data.code ?? '', parent_id: data.data.parent_id ?? '', manager_id: data.data.manager_id ?? '' }} close={close} />
}

function Fields({ title, read, named, initial, close }: { title: string; read?: Versioned<TeamDetail>; named?: string; initial: SmallValues; close: () => void }) {
  const { t } = useTranslation()
  const saved = useSaved()
  const fields: SmallField[] = [
    { key: 'name', label: t('organisation.team_name'), kind: 'text', required: true, half: true },
    { key: 'code', label: t('organisation.code'), kind: 'text', half: true },
    { key: 'parent_id', label: t('organisation.parent'), kind: 'team', help: t(read ? 'organisation.parent_help' : 'organisation.parent_help_new') },
    { key: 'manager_id', label: t('organisation.manager'), kind: 'person', named, help: t('organisation.manager_help') },
  ]
  const save = async (values: SmallValues) => {
    const body = changedBody(initial, values)
    if (read) await send('PATCH', `/teams/${read.data.id}`, { body, etag: read.etag })
    else await send('POST', '/teams', { body: { ...body, ...(values.parent_id ? { parent_id: values.parent_id } : {}) } })
    saved({ title: t(read ? 'organisation.saved' : 'organisation.team_made', { team: values.name }) })
    close()
  }
  return <SheetForm title={title} close={close} fields={fields} initial={initial} save={save} saveLabel={t(read ? 'organisation.save' : 'organisation.make')} />
}

/** What a drag asks for is said first: the place of a team holds for the past, too. */
export function MoveTeam({ team, parent, close }: { team: Team; parent: Team | null; close: () => void }) {
  const { t } = useTranslation()
  const saved = useSaved()
  const attempt = useAttempt()
  const place = async (to: string | null) => {
    const { etag } = await send<TeamDetail>('GET', `/teams/${team.id}`)
    await send('PATCH', `/teams/${team.id}`, { body: { parent_id: to }, etag })
  }
  const move = () => {
    close()
    attempt(async () => {
      await place(parent?.id ?? null)
      const undo = () => attempt(async () => { await place(team.parent_id ?? null); saved({ title: t('organisation.saved') }) })
      saved({ title: t('organisation.team_moved', { team: team.name }), action: { label: t('organisation.undo'), run: undo } })
    })
  }
  const where = parent?.path ?? t('organisation.top')
  return (
    <Sheet title={t('organisation.move_team', { team: team.name })} close={close} foot={<><Button onClick={close}>{t('form.cancel')}</Button><Button type="primary" onClick={move}>{t('organisation.move_here')}</Button></>}>
      <p className={styles.help}>{t('organisation.move_team_help', { team: team.name, where })}</p>
    </Sheet>
  )
}
