import { useState } from 'react'
import { ArrowDown, ArrowUp, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import { Select } from '@/components/antd/Select'
import { useWrite } from '@/components/form/useWrite'
import { formatPercent, useFormat } from '@/components/format/format'
import { Sheet } from '@/components/list/Sheet'
import { Button } from '@/components/ui/Button'
import { useToast } from '@/components/ui/Toast'
import { StageForm } from './StageForm'
import { edits, STALE, type Pipeline, type Stage } from './setup'
import styles from './Setup.module.css'

/** The stages in their order: what each is called, how likely it wins, what a deal needs to come in. */
export function Stages({ pipeline, writes }: { pipeline: Pipeline; writes: boolean }) {
  const { t } = useTranslation()
  const { busy, write } = useWrite(STALE)
  const [open, setOpen] = useState<string | null>(null)
  const [clearing, setClearing] = useState<{ stage: Stage; why: string } | null>(null)
  const toast = useToast()
  const move = (stage: Stage, position: number) => void write(() => edits.changeStage(pipeline, stage.id, { position }))
  const back = async (stage: Stage) => { if (await write(() => edits.bringStageBack(stage.id))) toast({ title: t('setup.back', { name: stage.name }), tone: 'ahead' }) }
  const away = async (stage: Stage, to: string | null) => {
    const done = await write(async () => {
      try {
        return await edits.putStageAway(pipeline, stage.id, to)
      } catch (error) {
        // Deals stand on it: one asks where they go.
        if (error instanceof ApiError && error.code === 'stage_has_deals') { setClearing({ stage, why: error.detail ?? '' }); return null }
        throw error
      }
    })
    if (!done) return
    setClearing(null)
    toast({ title: t('setup.gone', { name: stage.name }), action: { label: t('setup.undo'), run: () => void back(stage) } })
  }
  return (
    <>
      <ol className={styles.stages}>
        {pipeline.stages.map((stage, at) => (
          <li key={stage.id} data-kind={stage.kind}>
            {open === stage.id
              ? <StageForm pipeline={pipeline} stage={stage} close={() => setOpen(null)} />
              : <StageRow stage={stage} at={at} last={at === pipeline.stages.length - 1} writes={writes} busy={busy} edit={() => setOpen(stage.id)} move={(by) => move(stage, at + 1 + by)} away={() => void away(stage, null)} />}
          </li>
        ))}
      </ol>
      {writes && (open === 'new' ? <StageForm pipeline={pipeline} stage={null} close={() => setOpen(null)} /> : <Button type="link" icon={<Plus size={15} aria-hidden />} onClick={() => setOpen('new')} className={styles.add}>{t('setup.stages.new')}</Button>)}
      {pipeline.archived_stages.length > 0 && (
        <details className={styles.gone}>
          <summary>{t('setup.stages.away', { count: pipeline.archived_stages.length })}</summary>
          <ul>{pipeline.archived_stages.map((stage) => <li key={stage.id}>{stage.name}{writes && <Button type="link" size="small" disabled={busy} onClick={() => void back(stage)}>{t('setup.bring_back')}</Button>}</li>)}</ul>
        </details>
      )}
      {clearing && <MoveSheet pipeline={pipeline} stage={clearing.stage} why={clearing.why} busy={busy} close={() => setClearing(null)} go={(to) => void away(clearing.stage, to)} />}
    </>
  )
}

function StageRow({ stage, at, last, writes, busy, edit, move, away }: { stage: Stage; at: number; last: boolean; writes: boolean; busy: boolean; edit: () => void; move: (by: 1 | -1) => void; away: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className={styles.stage}>
      <span className={styles.number}>{at + 1}</span>
      <span className={styles.what}>
        {writes ? <button type="button" className={styles.name} onClick={edit}>{stage.name}</button> : <strong>{stage.name}</strong>}
        <small>{stage.code}</small>
      </span>
      <span className={styles.kind} data-kind={stage.kind}>{t(`setup.stages.kind.${stage.kind}`)}</span>
      <span className={styles.share}>{formatPercent(stage.probability, 0)}</span>
      <span className={styles.rule}>{stage.required.length > 0 ? t('setup.stages.needs', { fields: format.list(stage.required.map((field) => t(`setup.stages.field.${field}`))) }) : <i>{t('setup.stages.needs_nothing')}</i>}</span>
      {writes && (
        <span className={styles.acts}>
          <Button type="text" size="small" icon={<ArrowUp size={14} aria-hidden />} disabled={busy || at === 0} aria-label={t('setup.stages.up', { name: stage.name })} onClick={() => move(-1)} />
          <Button type="text" size="small" icon={<ArrowDown size={14} aria-hidden />} disabled={busy || last} aria-label={t('setup.stages.down', { name: stage.name })} onClick={() => move(1)} />
          <Button type="link" size="small" disabled={busy} aria-label={`${t('setup.put_away')} ${stage.name}`} onClick={away}>{t('setup.put_away')}</Button>
        </span>
      )}
    </div>
  )
}

/** Where the deals of a stage go before it is put away. */
function MoveSheet({ pipeline, stage, why, busy, close, go }: { pipeline: Pipeline; stage: Stage; why: string; busy: boolean; close: () => void; go: (to: string) => void }) {
  const { t } = useTranslation()
  const others = pipeline.stages.filter(({ id, kind }) => kind === 'open' && id !== stage.id)
  const [to, setTo] = useState(others[0]?.id)
  return (
    <Sheet
      title={t('setup.stages.clear', { name: stage.name })} close={close}
      foot={<><Button onClick={close}>{t('setup.cancel')}</Button><Button type="primary" loading={busy} disabled={!to} onClick={() => { if (to) go(to) }}>{t('setup.stages.clear_go')}</Button></>}
    >
      <p className={styles.why}>{why}</p>
      <label className={styles.label} htmlFor="move-to">{t('setup.stages.move_to')}</label>
      <Select id="move-to" className={styles.wide} value={to} onChange={setTo} options={others.map(({ id, name }) => ({ value: id, label: name }))} />
    </Sheet>
  )
}
