import { useState, type FormEvent } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Pencil, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/api/queries'
import { Labelled } from '@/components/form/Labelled'
import { TextControl } from '@/components/form/controls'
import { useWrite } from '@/components/form/useWrite'
import { Button } from '@/components/ui/Button'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { useFilters } from '@/components/ui/paramsState'
import { Stages } from './Stages'
import { allPipelines, edits, STALE, type Pipeline } from './setup'
import styles from './Setup.module.css'

/** The pipelines that deals run through, their stages and the rules of these. */
export function PipelinesPage() {
  const { t } = useTranslation()
  const writes = useCan('manage_catalog')
  const [params, set] = useFilters()
  const archived = params.get('archived') === 'true'
  const { data, error, refetch } = useQuery(allPipelines(archived))
  const [making, setMaking] = useState(false)
  const present = data?.find(({ id }) => id === params.get('pipeline')) ?? data?.[0]
  return (
    <>
      <SettingsHeader title={t('setup.pipelines.title')} />
      <div className={styles.page}>
        <div className={styles.bar}>
          <div className={styles.tabs} role="group" aria-label={t('setup.pipelines.title')}>
            {data?.map((pipeline) => <button key={pipeline.id} type="button" aria-pressed={pipeline.id === present?.id} onClick={() => set({ pipeline: pipeline.id })}>{pipeline.name}</button>)}
            {writes && !archived && <button type="button" onClick={() => setMaking(true)}><Plus size={14} aria-hidden />{t('setup.pipelines.new')}</button>}
          </div>
          <label className={styles.away}><input type="checkbox" checked={archived} onChange={(event) => set({ archived: event.target.checked ? 'true' : null, pipeline: null })} />{t('setup.away')}</label>
        </div>
        {making && <NameForm pipeline={null} close={(made) => { setMaking(false); if (made) set({ pipeline: made.id }) }} />}
        {error && !data ? <ErrorState error={error} retry={() => void refetch()} /> : !data ? <BoneRows rows={7} height={44} /> : !present
          ? <Empty title={t('setup.none_away')} />
          : <PipelineView key={present.id} pipeline={present} writes={writes && !archived} archived={archived} />}
      </div>
    </>
  )
}

function PipelineView({ pipeline, writes, archived }: { pipeline: Pipeline; writes: boolean; archived: boolean }) {
  const { t } = useTranslation()
  const toast = useToast()
  const { busy, write } = useWrite(STALE)
  const [naming, setNaming] = useState(false)
  const back = async () => { if (await write(() => edits.bringBack(pipeline.id))) toast({ title: t('setup.back', { name: pipeline.name }), tone: 'ahead' }) }
  const away = async () => {
    if (await write(() => edits.putAway(pipeline))) toast({ title: t('setup.gone', { name: pipeline.name }), action: { label: t('setup.undo'), run: () => void back() } })
  }
  return (
    <section aria-label={pipeline.name}>
      {naming ? <NameForm pipeline={pipeline} close={() => setNaming(false)} /> : (
        <header className={styles.head}>
          <h2>{pipeline.name}</h2>
          <span>{t('setup.pipelines.stages', { count: pipeline.stages.length })}</span>
          {writes && <Button type="text" size="small" icon={<Pencil size={14} aria-hidden />} aria-label={t('setup.pipelines.rename')} onClick={() => setNaming(true)} />}
          {writes && <Button type="link" size="small" disabled={busy} className={styles.end} onClick={() => void away()}>{t('setup.pipelines.put_away')}</Button>}
          {archived && <Button type="link" size="small" disabled={busy} className={styles.end} onClick={() => void back()}>{t('setup.bring_back')}</Button>}
        </header>
      )}
      <Stages pipeline={pipeline} writes={writes} />
    </section>
  )
}

function NameForm({ pipeline, close }: { pipeline: Pipeline | null; close: (made: Pipeline | null) => void }) {
  const { t } = useTranslation()
  const { busy, problems, write } = useWrite(STALE)
  const [name, setName] = useState(pipeline?.name ?? '')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const done = await write(() => (pipeline ? edits.rename(pipeline, name) : edits.make(name)))
    if (done) close(done.data)
  }
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape for the controls inside
    <form className={styles.naming} onSubmit={(event) => void submit(event)} onKeyDown={(event) => { if (event.key === 'Escape') close(null) }}>
      <Labelled id="pipeline-name" label={t('setup.pipelines.name')} problem={problems['/name']} help={pipeline ? undefined : t('setup.pipelines.new_help')} required><TextControl id="pipeline-name" label={t('setup.pipelines.name')} value={name} change={setName} disabled={busy} invalid={problems['/name'] !== undefined} /></Labelled>
      <div className={styles.buttons}><Button onClick={() => close(null)}>{t('setup.cancel')}</Button><Button type="primary" htmlType="submit" loading={busy}>{t('setup.save')}</Button></div>
    </form>
  )
}
