import { useEffect, useState } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { LIST_KEY } from '@/api/queries'
import { Button } from '@/components/ui/Button'
import { PageHeader } from '@/components/ui/PageHeader'
import { BoneRows, ErrorState } from '@/components/ui/States'
import { importQueries, type ImportRun } from './api'
import { MatchStep } from './MatchStep'
import { PreviewStep } from './PreviewStep'
import { ProgressStep } from './ProgressStep'
import { ResultStep } from './ResultStep'
import styles from './Imports.module.css'

const STEPS = ['file', 'match', 'preview', 'import', 'result'] as const
type Step = (typeof STEPS)[number]

/** Where a run stands. */
function stepOf(run: ImportRun): Step {
  switch (run.status) {
    case 'mapping': return 'match'
    case 'checking': case 'checked': return 'preview'
    case 'running': return 'import'
    // What never began has no result.
    default: return run.status === 'done' || run.done > 0 ? 'result' : 'match'
  }
}

/** One import, wherever it stands: the address is the run, and it goes on while nobody looks. */
export function ImportRunPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const queryClient = useQueryClient()
  const { data: run, error, refetch } = useQuery(importQueries.run(id))
  const [back, setBack] = useState(false)
  const status = run?.status
  useEffect(() => { if (status === 'done') void queryClient.invalidateQueries({ queryKey: [LIST_KEY] }) }, [status, queryClient])
  if (error && !run) return <><PageHeader title={t('imports.title')} back="/settings/imports" /><ErrorState error={error} retry={() => void refetch()} /></>
  if (!run) return <><PageHeader title={t('imports.title')} back="/settings/imports" /><BoneRows /></>
  const set = (next: ImportRun) => queryClient.setQueryData(importQueries.run(id).queryKey, next)
  const step = back && run.status === 'checked' ? 'match' : stepOf(run)
  return (
    <div className={styles.page} data-testid="import-run" data-status={run.status}>
      <PageHeader title={run.file_name} back="/settings/imports" />
      <Steps present={step} kind={t(`imports.kind.${run.kind}`)} />
      {step === 'match' && (run.status === 'mapping' || run.status === 'checked'
        ? <MatchStep key={run.version} run={run} matched={(next) => { setBack(false); set(next) }} />
        : <Over run={run} />)}
      {step === 'preview' && (run.status === 'checked' ? <PreviewStep key={run.version} run={run} set={set} back={() => setBack(true)} /> : <ProgressStep run={run} set={set} />)}
      {step === 'import' && <ProgressStep run={run} set={set} />}
      {step === 'result' && <ResultStep run={run} set={set} />}
    </div>
  )
}

function Steps({ present, kind }: { present: Step; kind: string }) {
  const { t } = useTranslation()
  const at = STEPS.indexOf(present)
  return (
    <ol className={styles.steps} aria-label={t('imports.steps')}>
      {STEPS.map((step, index) => (
        <li key={step} aria-current={index === at ? 'step' : undefined} data-past={index < at || undefined}>
          <span className={styles.mark} aria-hidden>{index < at ? '✓' : index + 1}</span>{step === 'file' ? kind : t(`imports.step.${step}`)}
        </li>
      ))}
    </ol>
  )
}

/** Nothing was imported and nothing will be. */
function Over({ run }: { run: ImportRun }) {
  const { t } = useTranslation()
  return (
    <div className={styles.over}>
      <p>{t(run.status === 'failed' ? 'imports.failed' : 'imports.cancelled_before')}</p>
      {run.problem && <p className={styles.small}>{run.problem}</p>}
      <Button href="/settings/imports">{t('imports.another')}</Button>
    </div>
  )
}
