import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries'
import { Select } from '@/components/antd/Select'
import { ConditionEditor } from '@/components/facts/ConditionEditor'
import { factFields } from '@/components/facts/conditions'
import { Fields, Labelled } from '@/components/form/Labelled'
import { ChipsControl, TextControl } from '@/components/form/controls'
import { Button } from '@/components/ui/Button'
import { MEASURES, problemAt, RATES, type Component, type RateKind } from './planModel'
import type { Check } from './PlanEditor'
import { RateFields } from './RateFields'
import styles from './Editor.module.css'

interface Props { index: number; part: Component; change: (part: Component) => void; mistakes: Check['mistakes']; currency: string; remove: (() => void) | null }

/** One thing that is earned: on what, for which facts, how much, for whom of those who share it. */
export function ComponentFields({ index, part, change, mistakes, currency, remove }: Props) {
  const { t } = useTranslation()
  const { data: facts } = useQuery(factFields())
  const { data: metrics = [] } = useQuery(queries.metrics())
  const at = `/components/${index}`
  const problem = (key: string) => problemAt(mistakes, `${at}/${key}`)
  const set = (next: Partial<Component>) => change({ ...part, ...next })
  const reward = part.kind === 'reward'
  // A reward is earned when a stage is entered; what is chosen otherwise comes back with another kind.
  const kind = (next: RateKind) => set(next === 'reward'
    ? { kind: next, basis: 'stage_entered', tests: [{ field: 'stage', sign: 'is', values: [] }] }
    : reward ? { kind: next, basis: 'contract_signed', tests: [] } : { kind: next })
  const bases = [
    ...['contract_signed', 'payment_received', 'opportunity_won', 'invoice_issued', 'sale_recorded'].map((value) => ({ value, label: facts?.kinds.find((one) => one.value === value)?.name ?? value })),
    ...metrics.filter(({ unit }) => unit === 'money').map(({ code, name }) => ({ value: code, label: t('setup.plans.by_metric', { name }) })),
  ]
  const options = bases.some(({ value }) => value === part.basis) ? bases : [...bases, { value: part.basis, label: facts?.kinds.find((one) => one.value === part.basis)?.name ?? part.basis }]
  const roles = facts?.fields.find(({ field }) => field === 'role')?.values ?? []
  const stage = part.tests?.find(({ field }) => field === 'stage')
  const stages = facts?.fields.find(({ field }) => field === 'stage')?.values ?? []
  return (
    <>
      <div className={styles.titled}><h2 className={styles.title}>{t('plans.clause', { number: index + 2 })}</h2>{remove && <Button type="link" size="small" onClick={remove}>{t('setup.plans.remove')}</Button>}</div>
      <Fields>
        <Labelled id="part-zh" label={t('setup.plans.field.part_zh')} problem={problem('name')} half required><TextControl id="part-zh" label={t('setup.plans.field.part_zh')} value={part.zh} change={(zh) => set({ zh })} /></Labelled>
        <Labelled id="part-en" label={t('setup.plans.field.part_en')} half><TextControl id="part-en" label={t('setup.plans.field.part_en')} value={part.en} change={(en) => set({ en })} /></Labelled>
        <Labelled id="part-kind" label={t('setup.plans.field.kind')}><ChipsControl id="part-kind" label={t('setup.plans.field.kind')} value={part.kind} change={(next) => kind(next as RateKind)} options={RATES.map((value) => ({ value, label: t(`setup.plans.rate.${value}`) }))} /></Labelled>
        {reward
          ? part.tests && <Labelled id="part-stage" label={t('setup.plans.field.stage')} problem={problem('where') ?? problem('basis')} required><Select id="part-stage" className={styles.full} value={stage?.values[0]} options={stages.map(({ value, name }) => ({ value, label: name }))} onChange={(value: string) => set({ tests: [{ field: 'stage', sign: 'is', values: [value] }, ...(part.tests ?? []).filter(({ field }) => field !== 'stage')] })} /></Labelled>
          : (
            <>
              <Labelled id="part-basis" label={t('setup.plans.field.basis')} problem={problem('basis')} half required><Select id="part-basis" className={styles.full} value={part.basis} options={options} showSearch={{ optionFilterProp: 'label' }} onChange={(basis: string) => set({ basis })} /></Labelled>
              <Labelled id="part-measure" label={t('setup.plans.field.measure')} half><Select id="part-measure" className={styles.full} value={part.measure} options={MEASURES.map((value) => ({ value, label: t(`setup.metrics.measure.${value}`) }))} onChange={(measure: string) => set({ measure })} /></Labelled>
            </>
          )}
      </Fields>
      <RateFields part={part} change={change} problem={(place) => problem(`rate/${place}`)} exactly={(place) => mistakes.find(({ pointer }) => pointer === `${at}/rate/${place}`)?.detail} currency={currency} metrics={metrics} fields={facts?.fields ?? []} />
      <div className={styles.part}>
        <h3>{t('setup.conditions.title')}</h3>
        <ConditionEditor tests={reward ? part.tests && part.tests.filter(({ field }) => field !== 'stage') : part.tests} without={reward ? ['stage', 'role'] : ['role']} change={(tests) => set({ tests: reward && stage ? [stage, ...tests] : tests })} />
      </div>
      <div className={styles.part}>
        <Labelled id="part-roles" label={t('setup.plans.field.credited')} help={t('setup.plans.credited_help')} problem={problem('roles')}><Select id="part-roles" mode="tags" className={styles.full} value={[...part.roles]} options={roles.map(({ value }) => ({ value, label: t(`setup.plans.credit.${value}`) }))} onChange={(next: string[]) => set({ roles: next })} /></Labelled>
      </div>
    </>
  )
}
