import { ChevronRight, Wallet } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { standingOf, type Attainment, type Standing, type TeamAttainment } from '@/api/types'
import { isWhole } from '@/components/format/decimal'
import { formatDay } from '@/components/format/format'
import { Section } from '@/components/ui/Section'
import { Segmented } from '@/components/ui/Segmented'
import { Empty } from '@/components/ui/States'
import { StandingTag } from '@/components/ui/Tags'
import { scaleFor, Track } from '@/components/ui/Track'
import { useFilters } from '@/components/ui/paramsState'
import table from '@/components/ui/table.module.css'
import { usePhone } from '@/components/ui/useMediaQuery'
import { FigureLink } from '@/components/why/WhyLink'
import { useWhySteps } from '@/components/why/steps'
import styles from './TeamTable.module.css'

interface Row extends Omit<Attainment, 'standing'> { standing: Standing; id: string; name: string; /** None where only the figures are in sight. */ to: string | null; payTo: string | null; days?: TeamAttainment['members'][number]['days'] }
const STANDINGS: Standing[] = ['behind', 'on_pace', 'ahead', 'none']

/** Behind first; who has no target last. */
function behindFirst(rows: Row[]): Row[] {
  const gap = (row: Row) => (row.gap_points == null ? Number.POSITIVE_INFINITY : Number(row.gap_points))
  return [...rows].sort((a, b) => gap(a) - gap(b))
}

export function TeamTable({ data }: { data: TeamAttainment }) {
  const { t } = useTranslation()
  const { search } = useLocation()
  const [params, setFilters] = useFilters()
  const filter = params.get('standing') ?? 'all'
  const toTeam = (id: string) => {
    const next = new URLSearchParams(search)
    next.set('team', id)
    for (const key of ['why', 'record', 'standing']) next.delete(key)
    return `/team?${next.toString()}`
  }
  const teams = behindFirst(data.teams.map((row): Row => ({ ...row, standing: standingOf(row.standing), id: row.team.id, name: row.team.name, to: toTeam(row.team.id), payTo: null })))
  const all = behindFirst(data.members.map((row): Row => ({
    ...row, standing: standingOf(row.standing), id: row.person.id, name: row.person.name,
    to: row.in_scope ? `/metrics/${data.metric.code}?subject=person:${row.person.id}&period=${data.period}` : null,
    payTo: data.can_see_pay && row.in_scope ? `/pay/${row.person.id}?period=${data.period}` : null,
  })))
  const members = filter === 'all' ? all : all.filter((row) => row.standing === filter)
  const count = (standing: Standing) => all.filter((row) => row.standing === standing).length
  useWhySteps([...teams, ...members].map((row) => row.attainment?.why ?? row.value.why))

  // Both tables measure by the same rule: their bars and ticks stand under each other.
  const both = [...teams, ...all]
  const scale = scaleFor(both.map((row) => row.attainment?.value))
  const cents = !both.every((row) => isWhole(row.value.value) && isWhole(row.target?.value))
  const options = [{ value: 'all', label: `${t('pay.all')} ${all.length}` }, ...STANDINGS.filter((s) => count(s) > 0).map((s) => ({ value: s, label: `${t(`standing.${s}`)} ${count(s)}` }))]
  return (
    <>
      {teams.length > 0 && <Section title={t('team.teams')} note={t('team.behind_first')}><Rows rows={teams} data={data} kind="team" scale={scale} cents={cents} /></Section>}
      {all.length > 0 && (
        <Section className={teams.length > 0 ? styles.second : ''} title={t('team.members')} note={t('team.behind_first')} aside={options.length > 2 && <Segmented value={filter} onChange={(next) => setFilters({ standing: next === 'all' ? null : next })} options={options} aria-label={t('team.filter')} />}>
          <Rows rows={members} data={data} kind="person" scale={scale} cents={cents} />
        </Section>
      )}
      {teams.length + all.length === 0 && <Empty title={t('team.empty')}>{t('team.empty_help')}</Empty>}
    </>
  )
}

function Rows({ rows, data, kind, scale, cents }: { rows: Row[]; data: TeamAttainment; kind: 'team' | 'person'; scale: number; cents: boolean }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const pay = data.can_see_pay && (kind === 'person' || rows.some((row) => row.estimate?.value != null))
  if (phone) {
    return (
      <ul className={styles.cards}>
        {rows.map((row) => (
          <li key={row.id}>
            <div className={styles.line}>{row.to ? <Link to={row.to} className={styles.name}>{row.name}<ChevronRight size={14} aria-hidden /></Link> : <span className={styles.name}>{row.name}</span>}{row.days ? <Days days={row.days} /> : <StandingTag standing={row.standing} points={row.gap_points} />}</div>
            {row.attainment && <Track scale={scale} ratio={row.attainment.value} pace={data.pace.ratio} standing={row.standing} />}
            <div className={styles.line}>
              <span className={styles.of}><FigureLink figure={row.value} symbol={false} cents={cents} />{row.target && <> / <FigureLink figure={row.target} symbol={false} cents={cents} /></>}</span>
              {row.attainment && <b><FigureLink figure={row.attainment} /></b>}
            </div>
            {pay && (row.estimate ?? row.payTo) && <div className={styles.line}>{row.payTo ? <Link to={row.payTo} className={styles.pay}>{t('team.estimate')}<ChevronRight size={12} aria-hidden /></Link> : <span className={styles.of}>{t('team.estimate')}</span>}<FigureLink figure={row.estimate} symbol={false} /></div>}
          </li>
        ))}
      </ul>
    )
  }
  return (
    <div className={table.scroll}>
      <table className={`${table.table} ${styles.table}`}>
        <thead>
          <tr>
            <th scope="col" className={styles.whoCell}>{t(kind === 'team' ? 'team.team' : 'team.member')}</th>
            <th scope="col" className={styles.barCell}>{t('team.tick_is_pace')}</th>
            <th scope="col" className={`${table.num} ${styles.ratioCell}`}>{t('team.attainment_short')}</th>
            <th scope="col" className={styles.standingCell}>{t('team.standing')}</th>
            <th scope="col" className={table.num}>{data.metric.name}</th>
            <th scope="col" className={table.num}>{t('team.target')}</th>
            {pay && <th scope="col" className={table.num}>{t('team.estimate')}</th>}
            {pay && kind === 'person' && <th scope="col" className={styles.payCell}><span className="visually-hidden">{t('team.open_pay')}</span></th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td><Who row={row} initial={kind === 'person'} /></td>
              <td className={styles.barCell}>{row.attainment && <Track scale={scale} ratio={row.attainment.value} pace={data.pace.ratio} standing={row.standing} />}</td>
              <td className={`${table.num} ${table.strong}`}><FigureLink figure={row.attainment} /></td>
              <td>{row.days ? <Days days={row.days} /> : <StandingTag standing={row.standing} points={row.gap_points} />}</td>
              <td className={table.num}><FigureLink figure={row.value} symbol={false} cents={cents} /></td>
              <td className={`${table.num} ${table.second}`}><FigureLink figure={row.target} symbol={false} cents={cents} /></td>
              {pay && <td className={table.num}><FigureLink figure={row.estimate} symbol={false} /></td>}
              {pay && kind === 'person' && <td className={styles.payCell}>{row.payTo && <Link to={row.payTo} aria-label={t('team.open_pay_of', { name: row.name })} title={t('team.open_pay')}><Wallet size={14} aria-hidden /></Link>}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Who({ row, initial }: { row: Row; initial: boolean }) {
  const name = <>{initial && <span className={styles.initial} aria-hidden="true">{[...row.name][0]}</span>}{row.name}</>
  return row.to ? <Link to={row.to} className={styles.who}>{name}</Link> : <span className={styles.who}>{name}</span>
}

/** The days that somebody was in the team who moved: the value is that of these days. */
function Days({ days }: { days: NonNullable<Row['days']> }) {
  const { t } = useTranslation()
  return <span className={styles.days} title={t('team.days_help')}>{formatDay(days.from)} – {formatDay(days.to)}</span>
}
