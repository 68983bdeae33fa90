import { useEffect } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, Navigate, useParams } from 'react-router'
import type { First } from '@/api/first'
import { queries, useCan, useMe } from '@/api/queries'
import type { Estimate } from '@/api/types'
import { useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { PageHeader } from '@/components/ui/PageHeader'
import { PeriodPicker } from '@/components/ui/PeriodPicker'
import { Empty, ErrorState } from '@/components/ui/States'
import { useFilters } from '@/components/ui/paramsState'
import { usePhone } from '@/components/ui/useMediaQuery'
import { useDrawer } from '@/components/why/address'
import { useWhySteps } from '@/components/why/steps'
import { Lines, visibleLines } from './Lines'
import { PaySkeleton } from './PaySkeleton'
import styles from './PayPage.module.css'
import { Summary } from './Summary'
import { TierBar } from './TierBar'

export const first: First = async (client, me, params) => {
  if (me.person && location.pathname === '/pay') await client.prefetchQuery(queries.estimate('me', params.get('period') ?? me.periods.month))
}

/** A payee and a period: the estimate, what lifts it, each line with its reason. */
export function PayPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { person } = useParams()
  const [params, setFilters] = useFilters()
  const period = params.get('period') ?? me.periods.month
  const own = !person || person === me.person?.id
  const { data, error, refetch } = useQuery({ ...queries.estimate(own ? 'me' : person, period), enabled: !own || me.person !== null })
  const phone = usePhone()

  if (own && !me.person) return <Navigate to="/" replace />
  const title = own ? t('pay.title') : data ? t('pay.title_of', { name: data.person.name }) : t('pay.title_plain')
  return (
    <>
      <PageHeader title={title} back={own ? undefined : `/team?period=${period}`}>
        <PeriodPicker value={period} current={me.periods.month} onChange={(next) => setFilters({ period: next, why: null, record: null })} />
        {!phone && data?.plans.slice(0, 2).map((plan) => <PlanTag key={plan.id} plan={plan} />)}
      </PageHeader>
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : data ? <Pay estimate={data} own={own} /> : <PaySkeleton />}
    </>
  )
}

/** The plan the estimate goes by; the way to its clauses for whom they are for. */
function PlanTag({ plan }: { plan: Estimate['plans'][number] }) {
  const { t } = useTranslation()
  const reads = useCan('view_plans')
  const said = `${plan.name} ${t('version.nth', { version: plan.version })}`
  return reads ? <Link to={`/plans/${plan.id}`} className={styles.plan}>{said}</Link> : <span className={styles.plan}>{said}</span>
}

function Pay({ estimate, own }: { estimate: Estimate; own: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const me = useMe()
  const [params, setFilters] = useFilters()
  const tab = params.get('status') ?? 'all'
  const shown = visibleLines(estimate.lines, tab)
  useWhySteps(shown.map((line) => line.why))
  useOpenLine(estimate)

  if (estimate.plans.length === 0) {
    const now = me.periods.month
    return (
      <Empty title={t(own ? 'pay.no_plan' : 'pay.no_plan_other', { period: format.period(estimate.period) })} action={estimate.period !== now && <Button onClick={() => setFilters({ period: null })}>{t('pay.to_period', { period: format.period(now) })}</Button>}>
        {t('pay.no_plan_help')}
      </Empty>
    )
  }
  return (
    <>
      <div className={styles.head}>
        <Summary estimate={estimate} />
        <div className={styles.tiers}>
          {estimate.tiers.map((tier) => <TierBar key={`${tier.plan_id}/${tier.component}/${tier.period}`} tier={tier} named={estimate.tiers.length > 1} />)}
          {estimate.tiers.length === 0 && <Plans estimate={estimate} />}
        </div>
      </div>
      <Lines estimate={estimate} tab={tab} setTab={(next) => setFilters({ status: next === 'all' ? null : next })} />
    </>
  )
}

function Plans({ estimate }: { estimate: Estimate }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <dl className={styles.plans}>
      {estimate.plans.map((plan) => (
        <div key={plan.id}>
          <dt>{plan.name} {t('version.nth', { version: plan.version })}</dt>
          <dd>{format.value(plan.total?.value ?? null, 'money', plan.total?.currency)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** `?line=` names a line by its id: an address that others can build. It becomes the open drawer. */
function useOpenLine(estimate: Estimate) {
  const [params, setFilters] = useFilters()
  const { why } = useDrawer()
  const wanted = params.get('line')
  useEffect(() => {
    if (!wanted) return
    const line = estimate.lines.find(({ id }) => id === wanted)
    setFilters({ line: null, why: why ?? line?.why ?? null })
  }, [estimate.lines, setFilters, wanted, why])
}
