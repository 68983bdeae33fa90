import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { send, type Versioned } from '@/api/client'
import { organisation, type Membership, type PersonDetail } from '@/api/organisation'
import { useCan, useMe } from '@/api/queries'
import { changedBody, SheetForm, type SmallValues } from '@/components/form/SheetForm'
import { formatDate, isSinceEver } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { Section } from '@/components/ui/Section'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { BoneRows, ErrorState } from '@/components/ui/States'
import { Memberships } from './Memberships'
import { usePersonFields, useTeamRoleOptions } from './personFields'
import { useAttempt, useSaved } from './useSaved'
import styles from './Page.module.css'

type Open = 'edit' | 'move' | 'leave' | Membership | null

/** One person: what is known, in which team when, and the end of their time here. */
export function MemberPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const { data, error, refetch } = useQuery(organisation.person(id))
  return (
    <div className={styles.narrow}>
      <SettingsHeader title={data?.data.name ?? t('organisation.members')} back="/settings/members" />
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : data ? <Detail read={data} /> : <BoneRows />}
    </div>
  )
}

function Detail({ read }: { read: Versioned<PersonDetail> }) {
  const { t } = useTranslation()
  const may = useCan('manage_people')
  const [open, setOpen] = useState<Open>(null)
  const person = read.data
  const since = person.start_date && isSinceEver(person.start_date) ? null : person.start_date
  const rows = [
    [t('field.email'), person.email], [t('field.phone'), person.phone], [t('organisation.external_id'), person.external_id],
    [t('organisation.kind.label'), t(`organisation.kind.${person.kind}`)], [t('organisation.start'), since && formatDate(since)],
    ...(person.end_date ? [[t('organisation.last_day'), formatDate(person.end_date)]] : []),
  ] as const
  const close = () => setOpen(null)
  return (
    <>
      <Section title={t('organisation.about')} className={styles.section} aside={may && <Button size="small" onClick={() => setOpen('edit')}>{t('organisation.edit')}</Button>}>
        <dl className={styles.rows}>{rows.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value || '\u2014'}</dd></div>)}</dl>
      </Section>
      <Section title={t('organisation.teams_of')} className={styles.section} aside={may && person.active && <Button size="small" onClick={() => setOpen('move')}>{t('organisation.move')}</Button>}>
        <Memberships read={read} may={may} correct={setOpen} />
      </Section>
      {may && <Leaving read={read} leave={() => setOpen('leave')} />}
      {open === 'edit' && <Edit read={read} close={close} />}
      {open === 'move' && <Move person={person} close={close} />}
      {open === 'leave' && <Leave read={read} close={close} />}
      {open && typeof open === 'object' && <Correct read={read} membership={open} close={close} />}
    </>
  )
}

function Edit({ read, close }: { read: Versioned<PersonDetail>; close: () => void }) {
  const { t } = useTranslation()
  const saved = useSaved()
  const { data: person, etag } = read
  const initial: SmallValues = { name: person.name, email: person.email ?? '', phone: person.phone ?? '', external_id: person.external_id ?? '', kind: person.kind, start_date: person.start_date ?? '' }
  const save = async (values: SmallValues) => {
    await send('PATCH', `/people/${person.id}`, { body: changedBody(initial, values), etag })
    saved({ title: t('organisation.saved') })
    close()
  }
  return <SheetForm title={person.name} close={close} fields={usePersonFields(false)} initial={initial} save={save} saveLabel={t('organisation.save')} />
}

/** Another team from a day on; undo takes it back. */
function Move({ person, close }: { person: PersonDetail; close: () => void }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const saved = useSaved()
  const attempt = useAttempt()
  const present = person.memberships[0]
  const roles = useTeamRoleOptions(present?.role)
  const save = async (values: SmallValues) => {
    const { data, etag } = await send<PersonDetail>('POST', `/people/${person.id}/memberships`, { body: changedBody({}, values) })
    const made = data.memberships[0]
    const undo = made && data.memberships.length > 1 ? { label: t('organisation.undo'), run: () => attempt(async () => {
      await send('DELETE', `/people/${person.id}/memberships/${made.id}`, { etag })
      saved({ title: t('organisation.move_undone') })
    }) } : undefined
    saved({ title: t('organisation.moved', { team: made?.team.path, day: formatDate(made?.from) }), action: undo })
    close()
  }
  return (
    <SheetForm
      title={t('organisation.move_of', { name: person.name })} close={close} saveLabel={t('organisation.move')} save={save} initial={{ from: company.today, role: present?.role ?? 'rep' }}
      note={<p className={styles.help}>{present ? t('organisation.move_help', { team: present.team.path }) : t('organisation.move_help_first')}</p>}
      fields={[
        { key: 'team_id', label: t('organisation.to_team'), kind: 'team', required: true },
        { key: 'from', label: t('organisation.from_day'), kind: 'date', required: true, half: true },
        { key: 'role', label: t('organisation.team_role'), kind: 'choice', options: roles, required: true, half: true },
        { key: 'manager_id', label: t('organisation.own_manager'), kind: 'person', help: t('organisation.own_manager_help') },
      ]}
    />
  )
}

function Correct({ read, membership, close }: { read: Versioned<PersonDetail>; membership: Membership; close: () => void }) {
  const { t } = useTranslation()
  const saved = useSaved()
  const roles = useTeamRoleOptions(membership.role)
  const initial: SmallValues = { team_id: membership.team.id, from: membership.from, role: membership.role, manager_id: membership.manager?.id ?? '' }
  const save = async (values: SmallValues) => {
    await send('PATCH', `/people/${read.data.id}/memberships/${membership.id}`, { body: changedBody(initial, values), etag: read.etag })
    saved({ title: t('organisation.saved') })
    close()
  }
  return (
    <SheetForm
      title={t('organisation.correct_of', { team: membership.team.name })} close={close} saveLabel={t('organisation.save')} save={save} initial={initial}
      note={<p className={styles.help}>{t('organisation.correct_help')}</p>}
      fields={[
        { key: 'team_id', label: t('organisation.team'), kind: 'team', required: true },
        { key: 'from', label: t('organisation.from_day'), kind: 'date', required: true, half: true },
        { key: 'role', label: t('organisation.team_role'), kind: 'choice', options: roles, required: true, half: true },
        { key: 'manager_id', label: t('organisation.own_manager'), kind: 'person', named: membership.manager?.name },
      ]}
    />
  )
}

/** The end of their time here, and the way back. */
function Leaving({ read, leave }: { read: Versioned<PersonDetail>; leave: () => void }) {
  const { t } = useTranslation()
  const saved = useSaved()
  const attempt = useAttempt()
  const { data: person, etag } = read
  const back = () => attempt(async () => {
    await send('DELETE', `/people/${person.id}/last-day`, { etag })
    saved({ title: t('organisation.came_back', { name: person.name }) })
  })
  return (
    <Section title={t('organisation.leaving')} className={styles.section}>
      {person.end_date
        ? <><p className={styles.help}>{t(person.active ? 'organisation.leaves_on' : 'organisation.has_left', { day: formatDate(person.end_date) })}</p><Remaining id={person.id} /><Button onClick={back}>{t('organisation.take_back')}</Button></>
        : <><p className={styles.help}>{t('organisation.leaving_help')}</p><Button onClick={leave}>{t('organisation.leave')}</Button></>}
    </Section>
  )
}

function Leave({ read, close }: { read: Versioned<PersonDetail>; close: () => void }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const saved = useSaved()
  const attempt = useAttempt()
  const { data: person, etag } = read
  const save = async (values: SmallValues) => {
    const done = await send<PersonDetail>('PUT', `/people/${person.id}/last-day`, { body: values, etag })
    const undo = { label: t('organisation.undo'), run: () => attempt(async () => {
      await send('DELETE', `/people/${person.id}/last-day`, { etag: done.etag })
      saved({ title: t('organisation.came_back', { name: person.name }) })
    }) }
    saved({ title: t('organisation.left', { name: person.name, day: formatDate(done.data.end_date) }), action: undo })
    close()
  }
  return (
    <SheetForm
      title={t('organisation.leave_of', { name: person.name })} close={close} saveLabel={t('organisation.leave')} save={save} initial={{ last_day: company.today }}
      note={<><p className={styles.help}>{t('organisation.leave_help')}</p><Remaining id={person.id} /></>}
      fields={[{ key: 'last_day', label: t('organisation.last_day'), kind: 'date', required: true }]}
    />
  )
}

/** What remains with somebody who leaves: counted, a click away. */
function Remaining({ id }: { id: string }) {
  const { t } = useTranslation()
  const mayUsers = useCan('manage_users')
  const { data } = useQuery(organisation.openRecords(id))
  if (!data) return <BoneRows rows={1} />
  const { opportunities, leads, accounts, contacts, can_sign_in: canSignIn } = data.data
  const parts = [
    ['opportunities', opportunities, `/opportunities?view=list&status=open&owner_id=${id}`], ['leads', leads, `/leads?owner_id=${id}`],
    ['accounts', accounts, `/accounts?owner_id=${id}`], ['contacts', contacts, `/contacts?owner_id=${id}`],
  ] as const
  const open = parts.filter(([, count]) => count > 0)
  return (
    <>
      {open.length > 0
        ? <div className={styles.warn}>{t('organisation.remains')}<div className={styles.links}>{open.map(([kind, count, to]) => <Link key={kind} to={to}>{t(`organisation.open.${kind}`, { count })}</Link>)}</div></div>
        : <p className={styles.help}>{t('organisation.nothing_remains')}</p>}
      {canSignIn && <p className={styles.help}>{mayUsers ? <Link to="/settings/users">{t('organisation.still_signs_in')}</Link> : t('organisation.still_signs_in')}</p>}
    </>
  )
}
