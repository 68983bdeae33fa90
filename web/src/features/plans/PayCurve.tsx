import { useQuery } from '@tanstack/react-query'
import { Trans, useTranslation } from 'react-i18next'
import { queries, useMe } from '@/api/queries'
import type { Plan, PlanCurve } from '@/api/types'
import { Select } from '@/components/antd/soon'
import { useFormat } from '@/components/format/format'
import { Bone } from '@/components/ui/States'
import { useFilters } from '@/components/ui/paramsState'
import { WhyLink } from '@/components/why/WhyLink'
import { CurveChart, useCurveText } from './CurveChart'
import styles from './PayCurve.module.css'

const NOBODY = 'nobody'

/** What a component pays against what it is paid on, by the target of a person where there is one. */
export function PayCurve({ plan, component }: { plan: Plan; component: string | null | undefined }) {
  const { t } = useTranslation()
  const me = useMe()
  const [params, setFilters] = useFilters()
  const chosen = params.get('person')
  const { data, error } = useQuery({ ...queries.planCurves(plan.id, plan.version, chosen), enabled: component != null, retry: false })
  const { data: people } = useQuery({ ...queries.planPeople(plan.id), retry: false })
  if (component == null || error) return null
  if (!data) return <Bone h={264} />
  const curve = data.curves.find((each) => each.component === component)
  if (!curve) return null
  const others = (people ?? []).filter((person) => person.id !== me.person?.id)
  const options = [
    { value: NOBODY, label: t('plans.curve.nobody') },
    ...(people ?? []).map((person) => ({ value: person.id, label: person.name })),
  ]
  return (
    <section className={styles.curve} aria-label={t('plans.curve.title')}>
      <header>
        <h3>{t('plans.curve.title')}</h3>
        <p>{[curve.axis === 'amount' ? t('plans.curve.axis_amount') : t('plans.curve.axis_attainment', { metric: curve.metric }), t(curve.y_unit === 'percent' ? 'plans.curve.axis_share' : 'plans.curve.axis_pay')].join('\u2003')}</p>
        {others.length > 0 && (
          <Select
            aria-label={t('plans.curve.of')} size="small" value={chosen ?? data.person?.id ?? NOBODY} options={options} popupMatchSelectWidth={180} style={{ minWidth: 112 }}
            onChange={(next) => setFilters({ person: next === NOBODY ? null : next })} showSearch={{ optionFilterProp: 'label' }}
          />
        )}
      </header>
      <CurveChart key={`${component} ${plan.version}`} curve={curve} currency={data.currency} />
      {curve.axis === 'attainment' && <Target curve={curve} />}
      <EdgeTable curve={curve} currency={data.currency} />
    </section>
  )
}

function Target({ curve }: { curve: PlanCurve }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (!curve.target?.value) return <p className={styles.note}>{t('plans.curve.no_target')}</p>
  return (
    <p className={styles.note}>
      <Trans i18nKey="plans.curve.by_target" values={{ target: format.round(curve.target.value, curve.target.currency, true) }} components={{ why: <WhyLink url={curve.target.why}>{null}</WhyLink> }} />
    </p>
  )
}

/** The edges as a table, for those who do not see the picture. */
function EdgeTable({ curve, currency }: { curve: PlanCurve; currency: string }) {
  const { t } = useTranslation()
  const text = useCurveText(curve, currency)
  const line = curve.lines[0]
  if (curve.lines.length !== 1 || !line) return null
  const at = (edge: string) => line.points.findLast(({ x }) => Number(x) === Number(edge))?.y
  return (
    <table className="visually-hidden">
      <thead><tr><th scope="col">{t('plans.curve.edge')}</th><th scope="col">{t('plans.curve.pay')}</th></tr></thead>
      <tbody>{curve.edges.map((edge) => <tr key={edge.at}><td>{text.x(edge.at)}</td><td>{text.y(at(edge.at) ?? '0')}</td></tr>)}</tbody>
    </table>
  )
}
