import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { First } from '@/api/first'
import { queries, useCan } from '@/api/queries'
import { formatDate } from '@/components/format/format'
import { PageHeader } from '@/components/ui/PageHeader'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import list from '@/components/list/List.module.css'
import table from '@/components/ui/table.module.css'
import { usePhone } from '@/components/ui/useMediaQuery'
import styles from './PlanPage.module.css'

export const first: First = (client) => client.prefetchQuery(queries.plans())

/** The published plans. */
export function PlansPage() {
  const { t } = useTranslation()
  const phone = usePhone()
  const makes = useCan('publish_plans')
  const { data, error, refetch } = useQuery(queries.plans())
  return (
    <>
      <PageHeader title={t('plans.title')}>{makes && <Link to="/plans/new" className={list.new}><Plus size={15} aria-hidden />{t('plans.new')}</Link>}</PageHeader>
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : !data ? <BoneRows rows={5} /> : data.length === 0 ? <Empty title={t('plans.none')}>{t('plans.none_help')}</Empty> : (
        <div className={table.scroll}>
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">{t('plans.name')}</th><th scope="col">{t('plans.version')}</th><th scope="col">{t('plans.period')}</th>
                {!phone && <><th scope="col">{t('plans.from')}</th><th scope="col">{t('plans.to')}</th></>}<th scope="col" className={table.num}>{t('plans.people')}</th>
              </tr>
            </thead>
            <tbody>
              {data.map((plan) => (
                <tr key={plan.id} className={styles.planRow}>
                  <td><Link to={`/plans/${plan.id}`} className={styles.link}>{plan.name}</Link></td>
                  <td className={table.second}>{t('version.nth', { version: plan.version })}</td>
                  <td className={table.second}>{t(`period.kind.${plan.period}`)}</td>
                  {!phone && <><td className={table.date}>{formatDate(plan.from)}</td><td className={table.date}>{plan.to ? formatDate(plan.to) : t('plans.open_end')}</td></>}
                  <td className={table.num}>{plan.people}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}
