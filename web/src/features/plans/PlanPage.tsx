import { lazy, Suspense } from 'react'
import { useQuery } from '@tanstack/react-query'
import { PencilLine } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { queries, useCan } from '@/api/queries'
import type { Clause, Plan } from '@/api/types'
import { Select } from '@/components/antd/soon'
import { formatDate } from '@/components/format/format'
import { Highlighted } from '@/components/ui/Highlighted'
import { PageHeader } from '@/components/ui/PageHeader'
import { Bone, BoneRows, ErrorState } from '@/components/ui/States'
import { useFilters } from '@/components/ui/paramsState'
import { usePhone } from '@/components/ui/useMediaQuery'
import { ClauseTable } from './ClauseTable'
import { PlanSide } from './PlanSide'
import styles from './PlanPage.module.css'

const PayCurve = lazy(() => import('./PayCurve').then((module) => ({ default: module.PayCurve })))

/** A plan as clauses that people can read; the chosen clause's table stands beside it. */
export function PlanPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const makes = useCan('publish_plans')
  const [params, setFilters] = useFilters()
  const { data: plan, error, refetch } = useQuery(queries.plan(id, params.get('version')))
  const versions = plan?.versions.map(({ version, from }) => ({ value: version, label: `${t('version.nth', { version })} · ${t('version.since', { date: formatDate(from) })}` })) ?? []
  return (
    <>
      <PageHeader title={plan?.name ?? t('plans.title')} back="/plans">
        {plan && versions.length > 1 && <Select aria-label={t('plans.version')} value={plan.version} onChange={(version) => setFilters({ version: String(version) })} options={versions} popupMatchSelectWidth={220} />}
        {plan && versions.length <= 1 && <span className={styles.tag}>{t('version.nth', { version: plan.version })}</span>}
        {plan && makes && <Link to={`/plans/${plan.id}/edit`} className={styles.edit}><PencilLine size={14} aria-hidden />{t('plans.edit')}</Link>}
      </PageHeader>
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : plan ? <PlanView plan={plan} chosen={params.get('clause')} choose={(clause) => setFilters({ clause: String(clause) })} /> : <BoneRows rows={9} height={56} />}
    </>
  )
}

function PlanView({ plan, chosen, choose }: { plan: Plan; chosen: string | null; choose: (clause: number) => void }) {
  const phone = usePhone()
  const first = plan.clauses.find((clause) => clause.table !== null) ?? plan.clauses[0]
  const clause = plan.clauses.find(({ number }) => String(number) === chosen) ?? first
  return (
    <div className={styles.plan}>
      <ol className={styles.clauses}>
        {plan.clauses.map((item) => (
          <li key={item.number}>
            <ClauseButton clause={item} selected={!phone && item === clause} choose={choose} />
            {phone && item.table && <div><ClauseTable clause={item} currency={plan.currency} /><Suspense fallback={null}><PayCurve plan={plan} component={item.component} /></Suspense></div>}
          </li>
        ))}
      </ol>
      {!phone && clause && <section className={styles.detail} aria-live="polite"><ClauseDetail clause={clause} currency={plan.currency} /><Suspense fallback={<Bone h={264} />}><PayCurve plan={plan} component={clause.component} /></Suspense></section>}
      <PlanSide plan={plan} />
    </div>
  )
}

function ClauseButton({ clause, selected, choose }: { clause: Clause; selected: boolean; choose: (clause: number) => void }) {
  return (
    <button type="button" className={styles.clause} aria-pressed={selected} onClick={() => choose(clause.number)}>
      <span className={styles.number}>{clause.number}</span>
      <span><strong>{clause.title}</strong><span className={styles.text}><Highlighted text={clause.text} words={clause.highlights} /></span></span>
    </button>
  )
}

function ClauseDetail({ clause, currency }: { clause: Clause; currency: string }) {
  const { t } = useTranslation()
  return (
    <>
      <h2><small>{t('plans.clause', { number: clause.number })}</small>{clause.title}</h2>
      {clause.table ? <ClauseTable clause={clause} currency={currency} /> : <p className={styles.sentence}><Highlighted text={clause.text} words={clause.highlights} /></p>}
    </>
  )
}
