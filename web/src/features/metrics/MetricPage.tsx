import { lazy, Suspense } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { queries, seesTeams, useMe, type SubjectQuery } from '@/api/queries'
import type { Me } from '@/api/types'
import { PageHeader } from '@/components/ui/PageHeader'
import { useFilters } from '@/components/ui/paramsState'
import { PeriodPicker } from '@/components/ui/PeriodPicker'
import { Bone, BoneRows, ErrorState } from '@/components/ui/States'
import { Cuts } from './Cuts'
import { DefinitionCard } from './DefinitionCard'
import { MetricFacts } from './MetricFacts'
import styles from './MetricPage.module.css'
import { ValueHead } from './ValueHead'

const SubjectSelect = lazy(() => import('./SubjectSelect').then((module) => ({ default: module.SubjectSelect })))

/** Whom a metric is about when the address does not say: oneself for a rep, the own team for who leads one. */
function defaultSubject(me: Me): string {
  if (me.team && seesTeams(me)) return `team:${me.team.id}`
  if (me.person && !seesTeams(me)) return `person:${me.person.id}`
  return 'company'
}

/** The card of a metric: what it means, what it is, what it is made of. */
export function MetricPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { code = '' } = useParams()
  const [params, setFilters] = useFilters()
  const period = params.get('period') ?? me.periods.month
  const query: SubjectQuery = { subject: params.get('subject') ?? defaultSubject(me), period }
  for (const cut of ['product_line', 'region', 'tier'] as const) {
    const value = params.get(cut)
    if (value) query[cut] = value
  }
  const metric = useQuery(queries.metric(code))
  const change = (changes: Record<string, string | null>) => setFilters({ ...changes, why: null, record: null })

  return (
    <>
      <PageHeader title={metric.data?.name ?? t('metrics.title')} back="/metrics">
        <Suspense fallback={null}><SubjectSelect value={query.subject} change={(subject) => change({ subject })} /></Suspense>
        <PeriodPicker value={period} current={me.periods.month} onChange={(next) => change({ period: next })} />
      </PageHeader>
      {metric.error
        ? <ErrorState error={metric.error} retry={() => void metric.refetch()} />
        : !metric.data
          ? <><Bone w={220} h={40} /><BoneRows rows={8} /></>
          : (
            <div className={styles.page}>
              <div className={styles.main}>
                <ValueHead code={code} query={query} clearCut={(cut) => change({ [cut]: null })} />
                <Cuts key={code} code={code} query={query} />
                <MetricFacts code={code} query={query} unit={metric.data.unit} />
              </div>
              <DefinitionCard metric={metric.data} />
            </div>
          )}
    </>
  )
}
