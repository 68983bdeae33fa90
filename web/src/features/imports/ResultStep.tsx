import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { formatNumber } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { Section } from '@/components/ui/Section'
import { start, rejectedFile, type ImportRun } from './api'
import { Rejected } from './Rejected'
import { StatusWord } from './ImportsPage'
import styles from './Imports.module.css'

/** Kinds that have a list to look at. */
const LISTS: Record<string, string> = { accounts: '/accounts', contacts: '/contacts', leads: '/leads', opportunities: '/opportunities', contracts: '/contracts', payments: '/contracts?tab=payments', activities: '/activities' }

/** What an import did, and the rows that stayed out: mended here, or in the file. */
export function ResultStep({ run, set }: { run: ImportRun; set: (run: ImportRun) => void }) {
  const { t } = useTranslation()
  const list = LISTS[run.kind]
  const beside = Object.entries(run.beside)
  return (
    <>
      {run.status !== 'done' && <p className={styles.help}><StatusWord run={run} /> {run.problem}</p>}
      <ul className={styles.figures} data-testid="result">
        {(['created', 'updated', 'unchanged', 'rejected'] as const).map((name) => <li key={name} data-part={name} data-none={run[name] === 0 || undefined}><b>{formatNumber(String(run[name]))}</b><span>{t(`imports.did.${name}`)}</span></li>)}
      </ul>
      {beside.length > 0 && <p className={styles.small}>{t('imports.beside', { what: beside.map(([kind, made]) => t(`imports.made.${kind.replace(' ', '_')}`, { count: made })).join(t('list_separator')) })}</p>}
      {run.status === 'done' && run.rejected > 0 && (
        <Section title={t('imports.rejected_rows')} note={t('imports.mend_help')} aside={<a href={rejectedFile(run.id)} download>{t('imports.download')}</a>}>
          <Rejected run={run} mended={set} />
        </Section>
      )}
      <div className={styles.actions}>
        {run.status === 'failed' && <Button type="primary" onClick={() => void start(run.id).then(set)}>{t('imports.go_on')}</Button>}
        {list && <Link to={list} className={styles.look}>{t(`imports.look.${run.kind}`)}</Link>}
        <Link to="/settings/imports" className={styles.look}>{t('imports.another')}</Link>
      </div>
    </>
  )
}
