import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation, Link } from 'react-router'
import { queries, type SubjectQuery } from '@/api/queries'
import { isWhole, ratioOf } from '@/components/format/decimal'
import { Section } from '@/components/ui/Section'
import { Segmented } from '@/components/ui/Segmented'
import { BoneRows, ErrorState } from '@/components/ui/States'
import { useFilters } from '@/components/ui/paramsState'
import table from '@/components/ui/table.module.css'
import { FigureLink } from '@/components/why/WhyLink'
import styles from './Cuts.module.css'

const DIMENSIONS = ['product_line', 'region', 'tier', 'person']

/** The same value cut by a dimension; a row narrows the page to it. */
export function Cuts({ code, query }: { code: string; query: SubjectQuery }) {
  const { t } = useTranslation()
  const { search } = useLocation()
  const [params, setFilters] = useFilters()
  const person = query.subject.startsWith('person:')
  const [unfilled, setUnfilled] = useState(false)
  // Visits and leads have no product line: where nothing is filled in, the members say more.
  const wanted = params.get('by') ?? (unfilled && !person ? 'person' : 'product_line')
  const by = wanted === 'person' && person ? 'product_line' : wanted
  const { data, error, isPlaceholderData } = useQuery(queries.metricValues(code, query, by))
  const bare = data !== undefined && !isPlaceholderData && by === 'product_line' && data.groups.length > 0 && data.groups.every(({ key }) => !key)
  if (bare && !unfilled) setUnfilled(true)
  const options = DIMENSIONS.filter((dimension) => dimension !== 'person' || !person).map((dimension) => ({ value: dimension, label: t(`metrics.by.${dimension}`) }))
  const cents = !(data?.groups ?? []).every((group) => isWhole(group.figure.value))
  const top = Math.max(0, ...(data?.groups ?? []).map((group) => Number(group.figure.value ?? 0)))
  // The largest first; what is not filled in comes last.
  const groups = [...(data?.groups ?? [])].sort((a, b) => Number(!a.key) - Number(!b.key) || Number(b.figure.value ?? 0) - Number(a.figure.value ?? 0))
  const narrowed = (key: string) => {
    const next = new URLSearchParams(search)
    next.delete('why')
    next.delete('record')
    next.set(by === 'person' ? 'subject' : by, by === 'person' ? `person:${key}` : key)
    return `?${next.toString()}`
  }
  return (
    <Section title={t('metrics.cuts')} aside={<Segmented value={by} onChange={(next) => setFilters({ by: next })} options={options} aria-label={t('metrics.cuts')} />}>
      {error ? <ErrorState error={error} /> : !data || isPlaceholderData ? <BoneRows rows={4} height={34} /> : data.groups.length === 0 ? <p className={styles.none}>{t('metrics.no_groups')}</p> : (
        <div className={table.scroll}><table className={table.table}>
          <thead><tr><th scope="col">{t(`metrics.by.${by}`)}</th><th scope="col" className={styles.barCell}><span className="visually-hidden">{t('metrics.value')}</span></th><th scope="col" className={table.num}>{t('metrics.value')}</th></tr></thead>
          <tbody>
            {groups.map((group) => (
              <tr key={group.key}>
                <td>{group.key ? <Link to={{ search: narrowed(group.key) }} className={styles.link}>{group.name || group.key}</Link> : <span className={table.muted}>{group.name || t('metrics.without')}</span>}</td>
                <td className={styles.barCell}><span className={styles.bar} style={{ width: `${ratioOf(group.figure.value ?? '0', top) * 100}%` }} aria-hidden="true" /></td>
                <td className={`${table.num} ${table.strong}`}><FigureLink figure={group.figure} symbol={false} cents={cents} /></td>
              </tr>
            ))}
          </tbody>
        </table></div>
      )}
    </Section>
  )
}
