import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { Trans, useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { deskQueries, type DeskDeal, type DeskRow, type TeamDesk as Data } from '@/api/desk'
import { queries } from '@/api/queries'
import { standingOf } from '@/api/types'
import { isZero } from '@/components/format/decimal'
import { formatDay, formatPercent, useFormat } from '@/components/format/format'
import { BigFigure } from '@/components/ui/BigFigure'
import { useFilters } from '@/components/ui/paramsState'
import { Bone, BoneRows, Empty, ErrorState } from '@/components/ui/States'
import { Section } from '@/components/ui/Section'
import { StandingTag } from '@/components/ui/Tags'
import { scaleFor, Track } from '@/components/ui/Track'
import { useWhySteps } from '@/components/why/steps'
import { FigureLink, WhyLink } from '@/components/why/WhyLink'
import styles from './Desk.module.css'

/** How far the team is, what closes the gap, what is stuck, who is behind and why. */
export function TeamDesk() {
  const { t } = useTranslation()
  const [params, setFilters] = useFilters()
  const team = params.get('team')
  const { data, error, refetch, isPlaceholderData } = useQuery({ ...deskQueries.team(team), placeholderData: keepPreviousData })
  const { data: teams } = useQuery(queries.teams())
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <TeamSkeleton />
  const above = teams?.find(({ id }) => id === teams.find((one) => one.id === data.team.id)?.parent_id)
  const open = (id: string | null) => setFilters({ team: id, why: null, record: null })
  return (
    <div data-old={isPlaceholderData} className={styles.page}>
      <Head data={data} up={above ? <button type="button" className={styles.up} onClick={() => open(above.id)}>{t('desk.team.up', { name: above.name })}</button> : null} />
      <div className={styles.parts}>
        <GapPart data={data} />
        <StuckPart data={data} />
        <PeoplePart data={data} open={open} />
      </div>
    </div>
  )
}

function Head({ data, up }: { data: Data; up: React.ReactNode }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { standing, pace, metric } = data
  const ratio = standing.attainment?.value ?? null
  const scale = scaleFor([ratio])
  return (
    <section className={styles.teamHead} aria-label={data.team.name}>
      <div>
        <h2 className={styles.label}>{data.team.name} <small>{metric.name} · {format.period(data.period)}</small> {up}</h2>
        <div className={styles.figures}>
          <BigFigure figure={standing.attainment ?? standing.value} identity={`team ${data.team.id} ${data.period}`} size={36} />
          <StandingTag standing={standingOf(standing.standing)} points={standing.gap_points} named />
        </div>
      </div>
      {standing.target && (
        <div className={styles.teamBar}>
          <p className={styles.under}>
            <span>{t('pace.name')} <b><WhyLink url={pace.why}>{formatPercent(pace.ratio)}</WhyLink></b> {t('pace.days', { gone: pace.days_gone, total: pace.days_total })}</span>
            <span>{t('team.target')} <b><FigureLink figure={standing.target} symbol={false} cents={false} /></b></span>
          </p>
          <Track scale={scale} ratio={ratio} pace={pace.ratio} height={16} />
          <p className={styles.under}>
            <span>{metric.name} <b><FigureLink figure={standing.value} symbol={false} cents={false} /></b></span>
            {data.gap.missing && !isZero(data.gap.missing.amount) && <span>{t('desk.gap.missing')} <b>{format.round(data.gap.missing.amount, data.gap.missing.currency)}</b></span>}
          </p>
        </div>
      )}
    </section>
  )
}

function GapPart({ data }: { data: Data }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { gap, pace } = data
  const missing = gap.missing
  const closed = missing && isZero(missing.amount)
  const money = (amount: { amount: string; currency: string }) => format.round(amount.amount, amount.currency, true)
  const chosen = gap.deals ?? []
  return (
    <Section title={t('desk.gap.title')} note={t('desk.gap.open', { count: gap.open })}>
      <p className={styles.sentence}>
        {!missing ? t('desk.gap.no_target')
          : closed ? <span className={styles.closed}><CircleCheck size={15} aria-hidden />{t('desk.gap.closed')}</span>
            : gap.deals ? <Trans i18nKey="desk.gap.fewest" count={chosen.length} values={{ count: chosen.length, missing: money(missing) }} components={{ b: <b /> }} />
              : gap.open === 0 ? t('desk.gap.none_open', { missing: money(missing) })
                : t('desk.gap.not_closable', { count: gap.open, brings: money(gap.brings), missing: money(missing) })}
        {pace.days_gone <= 2 && !closed && <small> {t('desk.gap.first_days')}</small>}
      </p>
      {chosen.length > 0 && !closed && <DealList deals={chosen} marked />}
      {chosen.length > 0 && !closed && <p className={styles.sum}>{t('desk.gap.sum', { count: chosen.length, amount: money(gap.brings) })}<small title={t('desk.gap.how')}>{t('desk.gap.rule')}</small></p>}
      {gap.others.length > 0 && <><h3 className={styles.group}>{t('desk.gap.others')}</h3><DealList deals={gap.others.slice(0, 6)} /></>}
    </Section>
  )
}

function DealList({ deals, marked = false }: { deals: DeskDeal[]; marked?: boolean }) {
  const format = useFormat()
  const { t } = useTranslation()
  return (
    <ul className={styles.deals} data-marked={marked}>
      {deals.map((deal) => (
        <li key={deal.record.id}>
          <span className={styles.dealName}><Link to={`/records/opportunity/${deal.record.id}`}><bdi>{deal.name}</bdi></Link>{deal.stuck && <small data-late="true">{t('desk.silent_for', { count: deal.silent_days })}</small>}</span>
          <span className={styles.dealWho}>{deal.stage}<small>{deal.owner?.name}</small></span>
          <time dateTime={deal.expected_close_on ?? undefined}>{deal.expected_close_on ? formatDay(deal.expected_close_on) : ''}</time>
          <b>{format.round(deal.amount.amount, deal.amount.currency)}</b>
        </li>
      ))}
    </ul>
  )
}

function StuckPart({ data }: { data: Data }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { stuck } = data
  const chosen = new Set((data.gap.deals ?? []).map(({ record }) => record.id))
  const both = stuck.deals.filter(({ record }) => chosen.has(record.id)).length
  return (
    <Section title={t('desk.stuck.title')} note={stuck.count > 0 ? t('desk.stuck.note', { count: stuck.count, amount: format.round(stuck.amount.amount, stuck.amount.currency, true) }) : null}>
      {stuck.count === 0
        ? <p className={styles.sentence}><span className={styles.closed}><CircleCheck size={15} aria-hidden />{t('desk.stuck.none', { days: stuck.days })}</span></p>
        : <p className={styles.sentence}>{both > 0 ? <Trans i18nKey="desk.stuck.both" count={both} values={{ count: both }} components={{ b: <b /> }} /> : t('desk.stuck.rule', { days: stuck.days })}</p>}
      <ul className={styles.stuck}>
        {stuck.deals.map((deal) => (
          <li key={deal.record.id} data-testid="stuck">
            <span className={styles.initial} aria-hidden="true">{[...(deal.owner?.name ?? '·')][0]}</span>
            <div className={styles.what}>
              <p className={styles.step}><Link to={`/records/opportunity/${deal.record.id}`}><bdi>{deal.name}</bdi></Link></p>
              <p className={styles.whom}>{deal.owner?.name}<small>{deal.stage}</small>{chosen.has(deal.record.id) && <small className={styles.accent}>{t('desk.stuck.one_of', { count: chosen.size })}</small>}</p>
              <p className={styles.whom}>{format.round(deal.amount.amount, deal.amount.currency, true)}<small>{t('desk.worth')} <WhyLink url={deal.worth.why}>{format.whole(deal.worth.value ?? '0', deal.worth.currency)}</WhyLink></small></p>
            </div>
            <div className={styles.clock}>
              <span data-late="true">{t('desk.silent_for', { count: deal.silent_days })}</span>
              <Link className={styles.button} to={`/records/opportunity/${deal.record.id}?comment=1`}>{t('desk.action.comment')}</Link>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function PeoplePart({ data, open }: { data: Data; open: (team: string) => void }) {
  const { t } = useTranslation()
  const behind = data.rows.filter(({ standing }) => standing === 'behind').length
  const scale = scaleFor(data.rows.map(({ attainment }) => attainment?.value))
  useWhySteps(data.rows.map(({ attainment }) => attainment?.why))
  return (
    <Section title={t(data.by_team ? 'desk.people.teams' : 'desk.people.title')} note={t(data.by_team ? 'desk.people.teams_note' : 'desk.people.note', { count: data.rows.length, behind })}>
      {data.rows.length === 0 && <Empty title={t('team.empty')}>{t('team.empty_help')}</Empty>}
      {data.rows.length > 0 && behind === 0 && <p className={styles.sentence}><span className={styles.closed}><CircleCheck size={15} aria-hidden />{t(data.by_team ? 'desk.people.no_team' : 'desk.people.nobody')}</span></p>}
      <ul className={styles.people}>{data.rows.map((row) => <Person key={row.id} row={row} data={data} scale={scale} open={open} />)}</ul>
    </Section>
  )
}

function Person({ row, data, scale, open }: { row: DeskRow; data: Data; scale: number; open: (team: string) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { cause } = row
  return (
    <li>
      <div className={styles.person}>
        <span className={styles.initial} aria-hidden="true">{[...row.name][0]}</span>
        {data.by_team
          ? <button type="button" className={styles.name} onClick={() => open(row.id)}>{row.name}</button>
          : <Link className={styles.name} to={`/metrics/${data.metric.code}?subject=person:${row.id}&period=${data.period}`}>{row.name}</Link>}
        <span className={styles.track}>
          {row.attainment && <Track scale={scale} ratio={row.attainment.value} pace={data.pace.ratio} standing={standingOf(row.standing)} />}
          <small><FigureLink figure={row.value} symbol={false} cents={false} />{row.target && <> / <FigureLink figure={row.target} symbol={false} cents={false} /></>}</small>
        </span>
        <b>{row.attainment && <FigureLink figure={row.attainment} />}</b>
        <StandingTag standing={standingOf(row.standing)} points={row.gap_points} />
      </div>
      {cause && (
        <div className={styles.cause}>
          <p><b>{t(`desk.cause.${cause.code}`)}</b> <span>{t(`desk.cause_text.${cause.code}`, { count: cause.count, amount: format.round(cause.amount.amount, cause.amount.currency, true), share: cause.share ? formatPercent(cause.share, 0) : '', days: data.stuck.days, name: cause.deal?.name ?? '' })}</span></p>
          {cause.deal
            ? <Link className={styles.button} to={`/records/opportunity/${cause.deal.record.id}?comment=1`}>{t('desk.action.begin')}</Link>
            : !data.by_team && <Link className={styles.button} to={`/leads?owner_id=${row.id}`}>{t('desk.action.leads')}</Link>}
        </div>
      )}
    </li>
  )
}

function TeamSkeleton() {
  return (
    <>
      <div className={styles.teamHead}><div><Bone w={140} h={12} /><div><Bone w={160} h={36} /></div></div><Bone h={16} /></div>
      <div className={styles.parts}><BoneRows rows={6} /><BoneRows rows={5} height={56} /><BoneRows rows={5} height={56} /></div>
    </>
  )
}
