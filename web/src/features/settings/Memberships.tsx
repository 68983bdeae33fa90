import { Pencil, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { send, type Versioned } from '@/api/client'
import type { Membership, PersonDetail } from '@/api/organisation'
import { useMe } from '@/api/queries'
import { formatDate, isSinceEver } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { Empty } from '@/components/ui/States'
import { useTeamRoles } from './personFields'
import { useAttempt, useSaved } from './useSaved'
import styles from './Memberships.module.css'

/** In which team when, the newest first. */
export function Memberships({ read, may, correct }: { read: Versioned<PersonDetail>; may: boolean; correct: (membership: Membership) => void }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const role = useTeamRoles()
  const saved = useSaved()
  const attempt = useAttempt()
  const { data: person, etag } = read
  const rows = person.memberships
  if (rows.length === 0) return <Empty title={t('organisation.no_team')}>{t('organisation.no_team_help')}</Empty>
  const takeBack = (membership: Membership) => attempt(async () => {
    await send('DELETE', `/people/${person.id}/memberships/${membership.id}`, { etag })
    const again = { label: t('organisation.undo'), run: () => attempt(async () => {
      await send('POST', `/people/${person.id}/memberships`, { body: { team_id: membership.team.id, from: membership.from, role: membership.role, manager_id: membership.manager?.id ?? null } })
      saved({ title: t('organisation.saved') })
    }) }
    // Only the newest move can be made again as it was.
    saved({ title: t('organisation.move_undone'), action: membership === rows[0] ? again : undefined })
  })
  return (
    <ol className={styles.list}>
      {rows.map((row, index) => {
        const now = row.from <= company.today && (!row.to || row.to >= company.today)
        return (
          <li key={row.id} data-now={now}>
            <div>
              <strong>{row.team.path}</strong>
              <span className={styles.role}>{role(row.role)}{row.manager && ` \u00b7 ${t('organisation.reports_to', { name: row.manager.name })}`}</span>
              <span className={styles.days}>{isSinceEver(row.from) ? t('organisation.always') : formatDate(row.from)} – {row.to ? formatDate(row.to) : t('organisation.until_now')}{row.from > company.today && <em>{t('organisation.planned')}</em>}</span>
            </div>
            {may && (
              <span className={styles.actions}>
                <Button type="text" icon={<Pencil size={14} aria-hidden />} aria-label={t('organisation.correct_of', { team: row.team.name })} title={t('organisation.correct')} onClick={() => correct(row)} />
                {index < rows.length - 1 && <Button type="text" icon={<Undo2 size={14} aria-hidden />} aria-label={t('organisation.take_move_back_of', { team: row.team.name })} title={t('organisation.take_move_back')} onClick={() => takeBack(row)} />}
              </span>
            )}
          </li>
        )
      })}
    </ol>
  )
}
