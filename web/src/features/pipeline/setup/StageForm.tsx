import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Fields, Labelled } from '@/components/form/Labelled'
import { ChipsControl, PercentControl, TextControl } from '@/components/form/controls'
import { percentToShare, shareToPercent } from '@/components/form/money'
import { useWrite } from '@/components/form/useWrite'
import { Button } from '@/components/ui/Button'
import { useToast } from '@/components/ui/Toast'
import { edits, KINDS, REQUIRABLE, STALE, type Pipeline, type Stage } from './setup'
import styles from './Setup.module.css'

/** A stage in its place in the list: Enter saves, Escape leaves it as it was. */
export function StageForm({ pipeline, stage, close }: { pipeline: Pipeline; stage: Stage | null; close: () => void }) {
  const { t } = useTranslation()
  const toast = useToast()
  const { busy, problems, write } = useWrite(STALE)
  const [name, setName] = useState(stage?.name ?? '')
  const [code, setCode] = useState('')
  const [kind, setKind] = useState(stage?.kind ?? 'open')
  const [share, setShare] = useState(stage ? shareToPercent(stage.probability) : '')
  const [required, setRequired] = useState<readonly string[]>(stage?.required ?? [])
  const toggle = (field: string) => setRequired((before) => (before.includes(field) ? before.filter((one) => one !== field) : [...before, field]))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const probability = share.trim() ? { probability: percentToShare(share) ?? share } : {}
    const body = { name, required, ...probability, ...(stage ? (kind === stage.kind ? {} : { kind }) : { kind, ...(code.trim() ? { code: code.trim() } : {}) }) }
    if (await write(() => (stage ? edits.changeStage(pipeline, stage.id, body) : edits.addStage(pipeline, body)))) {
      toast({ title: t(stage ? 'setup.saved' : 'setup.stages.made', { name }), tone: 'ahead' })
      close()
    }
  }
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape for the controls inside
    <form className={styles.form} onSubmit={(event) => void submit(event)} onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); close() } }} aria-label={t(stage ? 'setup.stages.edit' : 'setup.stages.new')}>
      <Fields>
        <Labelled id="stage-name" label={t('setup.stages.name')} problem={problems['/name']} half required><TextControl id="stage-name" label={t('setup.stages.name')} value={name} change={setName} disabled={busy} invalid={problems['/name'] !== undefined} /></Labelled>
        <Labelled id="stage-share" label={t('setup.stages.share')} problem={problems['/probability']} half><PercentControl id="stage-share" label={t('setup.stages.share')} value={share} change={setShare} disabled={busy} invalid={problems['/probability'] !== undefined} /></Labelled>
        {!stage && <Labelled id="stage-code" label={t('setup.stages.code')} problem={problems['/code']} help={t('setup.stages.code_help')} half><TextControl id="stage-code" label={t('setup.stages.code')} value={code} change={setCode} disabled={busy} invalid={problems['/code'] !== undefined} /></Labelled>}
        <Labelled id="stage-kind" label={t('setup.stages.kind_label')} problem={problems['/kind']} half><ChipsControl id="stage-kind" label={t('setup.stages.kind_label')} value={kind} change={setKind} disabled={busy} options={KINDS.map((one) => ({ value: one, label: t(`setup.stages.kind.${one}`) }))} /></Labelled>
      </Fields>
      <fieldset className={styles.needs} disabled={busy}>
        <legend>{t('setup.stages.required')}</legend>
        {REQUIRABLE.map((field) => <label key={field} data-on={required.includes(field)}><input type="checkbox" checked={required.includes(field)} onChange={() => toggle(field)} />{t(`setup.stages.field.${field}`)}</label>)}
        <p>{t('setup.stages.required_help')}</p>
      </fieldset>
      <div className={styles.buttons}><Button onClick={close}>{t('setup.cancel')}</Button><Button type="primary" htmlType="submit" loading={busy}>{t('setup.save')}</Button></div>
    </form>
  )
}
