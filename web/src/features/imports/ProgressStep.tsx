import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Progress } from '@/components/antd/controls'
import { formatNumber } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { cancel, start, type ImportRun } from './api'
import styles from './Imports.module.css'

/** A run at work. It goes on while nobody looks; the address brings one back to it. */
export function ProgressStep({ run, set }: { run: ImportRun; set: (run: ImportRun) => void }) {
  const { t } = useTranslation()
  const toast = useToast()
  const text = useErrorText()
  const [busy, setBusy] = useState(false)
  const checking = run.status === 'checking'
  const percent = run.batch > 0 ? Math.floor((100 * run.done) / run.batch) : 0
  const left = run.rows_per_second > 0 ? Math.ceil((run.batch - run.done) / run.rows_per_second) : null
  const act = async (done: () => Promise<ImportRun>) => {
    setBusy(true)
    try {
      set(await done())
    } catch (error) {
      toast({ title: text(error), tone: 'behind' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className={styles.progress} data-testid="progress">
      <strong>{t(run.interrupted ? 'imports.was_interrupted' : checking ? 'imports.checking' : 'imports.importing')}</strong>
      <Progress percent={percent} status={run.interrupted ? 'exception' : 'active'} showInfo={false} aria-label={t('imports.progress')} />
      <p className={styles.live} role="status">
        <span>{t('imports.of', { done: formatNumber(String(run.done)), total: formatNumber(String(run.batch)) })}</span>
        {run.rows_per_second > 0 && !run.interrupted && <span>{t('imports.speed', { value: formatNumber(String(run.rows_per_second)) })}</span>}
        {left !== null && left > 5 && !run.interrupted && <span>{left < 90 ? t('imports.seconds_left', { count: left }) : t('imports.minutes_left', { count: Math.ceil(left / 60) })}</span>}
      </p>
      {!checking && <p className={styles.small}>{(['created', 'updated', 'unchanged', 'rejected'] as const).map((name) => t(`imports.count.${name}`, { count: run[name], value: formatNumber(String(run[name])) })).join(t('list_separator'))}</p>}
      <p className={styles.small}>{t(run.interrupted ? 'imports.interrupted_help' : 'imports.leave')}</p>
      <div className={styles.actions}>
        <Button onClick={() => void act(() => cancel(run.id))} disabled={busy}>{t('imports.cancel')}</Button>
        {run.interrupted && <Button type="primary" loading={busy} onClick={() => void act(() => start(run.id))}>{t('imports.go_on')}</Button>}
      </div>
    </div>
  )
}
