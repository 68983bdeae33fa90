import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMe } from '@/api/queries'
import { formatMoment, formatNumber } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { PageHeader } from '@/components/ui/PageHeader'
import { Section } from '@/components/ui/Section'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import table from '@/components/ui/table.module.css'
import { usePhone } from '@/components/ui/useMediaQuery'
import { importQueries, type ImportItem } from './api'
import { NewImport } from './NewImport'
import styles from './Imports.module.css'

/** A file to import, and what was imported before. */
export function ImportsPage() {
  const { t } = useTranslation()
  const phone = usePhone()
  return (
    <div className={styles.page}>
      <PageHeader title={t('imports.title')} back={phone ? '/settings' : undefined} />
      <NewImport />
      <Section title={t('imports.history')}><History /></Section>
    </div>
  )
}

function History() {
  const { t } = useTranslation()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery(importQueries.list())
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <BoneRows rows={4} />
  const runs = data.pages.flatMap((page) => page.items)
  if (runs.length === 0) return <Empty title={t('imports.none')}>{t('imports.none_help')}</Empty>
  return (
    <>
      <div className={table.scroll}>
        <table className={table.table}>
          <thead><tr><th>{t('imports.file')}</th><th>{t('imports.status')}</th><th className={table.num}>{t('imports.rows')}</th><th className={styles.wide}>{t('imports.result')}</th><th className={styles.wide}>{t('imports.by')}</th></tr></thead>
          <tbody>{runs.map((run) => <HistoryRow key={run.id} run={run} />)}</tbody>
        </table>
      </div>
      {hasNextPage && <Button type="link" loading={isFetching} onClick={() => void fetchNextPage()}>{t('action.more')}</Button>}
    </>
  )
}

function HistoryRow({ run }: { run: ImportItem }) {
  const { t } = useTranslation()
  const me = useMe()
  const counts = (['created', 'updated', 'unchanged', 'rejected'] as const).filter((name) => run[name] > 0)
  return (
    <tr>
      <td><Link to={`/settings/imports/${run.id}`} className={styles.name}><bdi>{run.file_name}</bdi></Link><span className={styles.sub}>{t(`imports.kind.${run.kind}`)}</span></td>
      <td><StatusWord run={run} /></td>
      <td className={table.num}>{formatNumber(String(run.total))}</td>
      <td className={styles.wide}>{run.status === 'done' || run.status === 'running' || run.status === 'cancelled' ? counts.map((name) => t(`imports.count.${name}`, { count: run[name], value: formatNumber(String(run[name])) })).join(t('list_separator')) : '—'}</td>
      <td className={styles.wide}><bdi>{run.actor}</bdi><span className={styles.sub}>{formatMoment(run.created_at, me.company.timezone)}</span></td>
    </tr>
  )
}

export function StatusWord({ run }: { run: Pick<ImportItem, 'status' | 'interrupted'> }) {
  const { t } = useTranslation()
  const word = run.interrupted ? 'interrupted' : run.status
  return <span className={styles.status} data-status={word}>{t(`imports.state.${word}`)}</span>
}
