import { useId } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Select } from '@/components/antd/Select'
import { Input } from '@/components/antd/controls'
import { ConditionEditor } from '@/components/facts/ConditionEditor'
import { factFields } from '@/components/facts/conditions'
import { Labelled } from '@/components/form/Labelled'
import { ChipsControl, TextControl } from '@/components/form/controls'
import { CATEGORIES, COMBINATIONS, ENTITIES, MEASURES, SHAPES, UNITS, usualCombination, type Leaf, type MetricForm, type Shape } from './metricModel'
import styles from './Setup.module.css'

interface Props { form: MetricForm; change: (form: MetricForm) => void; isNew: boolean; reason: string; setReason: (reason: string) => void }

/** Every part of a metric: what is taken of which facts, which values are good, what it is called. */
export function MetricFields({ form, change, isNew, reason, setReason }: Props) {
  const { t } = useTranslation()
  const set = (part: Partial<MetricForm>) => change({ ...form, ...part })
  // How the parts make the whole follows from the formula until one says otherwise.
  const follow = (part: Partial<MetricForm>) => { const next = { ...form, ...part }; change({ ...next, combination: form.combination === usualCombination(form) ? usualCombination(next) : form.combination }) }
  const shape = (next: Shape) => follow(next === 'ratio' ? { ratio: true } : { ratio: false, upper: shaped(form.upper, next) })
  const field = (key: 'code' | 'from' | 'zh' | 'en' | 'aboutZh' | 'aboutEn', long = false) => ({ id: `metric-${key}`, label: t(`setup.metrics.field.${key}`), value: form[key], change: (value: string) => set({ [key]: value }), long })
  const choice = (key: 'category' | 'unit' | 'combination', options: readonly string[], words: string, disabled = false) => (
    <Labelled half id={`metric-${key}`} label={t(`setup.metrics.field.${key}`)}><Select id={`metric-${key}`} className={styles.full} disabled={disabled} value={form[key]} options={options.map((value) => ({ value, label: t(`metrics.${words}.${value}`) }))} onChange={(value: string) => set({ [key]: value })} /></Labelled>
  )
  return (
    <>
      <fieldset className={styles.part}>
        <legend>{t('setup.metrics.formula')}</legend>
        <ChipsControl id="metric-shape" label={t('setup.metrics.formula')} value={form.ratio ? 'ratio' : form.upper.shape} change={(next) => shape(next as Shape)} options={SHAPES.map((value) => ({ value, label: t(`setup.metrics.shape.${value}`) }))} />
        <LeafFields leaf={form.upper} change={(upper) => follow({ upper })} title={form.ratio ? t('setup.metrics.upper') : null} choosesShape={form.ratio} />
        {form.ratio && <LeafFields leaf={form.lower} change={(lower) => follow({ lower })} title={t('setup.metrics.lower')} choosesShape />}
      </fieldset>
      <fieldset className={styles.part}>
        <legend>{t('setup.metrics.meaning')}</legend>
        <div className={styles.pair}>
          {choice('category', CATEGORIES, 'category')}
          {choice('unit', UNITS, 'units', !isNew)}
          <Labelled half id="metric-direction" label={t('setup.metrics.field.direction')}><Select id="metric-direction" className={styles.full} value={form.direction} options={(['higher', 'lower', 'range'] as const).map((value) => ({ value, label: t(`metrics.directions.${value}`) }))} onChange={(direction: MetricForm['direction']) => set({ direction })} /></Labelled>
          {choice('combination', COMBINATIONS, 'combinations')}
          {form.direction === 'range' && (['low', 'high'] as const).map((bound) => <Labelled half key={bound} id={`metric-${bound}`} label={t(`setup.metrics.field.${bound}`)}><Input id={`metric-${bound}`} inputMode="decimal" value={form[bound]} onChange={(event) => set({ [bound]: event.target.value })} /></Labelled>)}
        </div>
      </fieldset>
      <fieldset className={styles.part}>
        <legend>{t('setup.metrics.names')}</legend>
        <div className={styles.pair}>
          {(['zh', 'en'] as const).map((key) => <Labelled half key={key} id={`metric-${key}`} label={t(`setup.metrics.field.${key}`)} required><TextControl {...field(key)} /></Labelled>)}
          {(['aboutZh', 'aboutEn'] as const).map((key) => <Labelled half key={key} id={`metric-${key}`} label={t(`setup.metrics.field.${key}`)} required><TextControl {...field(key, true)} /></Labelled>)}
          {isNew && <Labelled half id="metric-code" label={t('setup.metrics.field.code')} help={t('setup.metrics.code_help')} required><TextControl {...field('code')} /></Labelled>}
          <Labelled half id="metric-from" label={t('setup.metrics.field.from')} help={t('setup.metrics.from_help')} required><TextControl {...field('from')} type="date" /></Labelled>
          <Labelled half id="metric-reason" label={t('setup.metrics.field.reason')}><TextControl id="metric-reason" label={t('setup.metrics.field.reason')} value={reason} change={setReason} /></Labelled>
        </div>
      </fieldset>
    </>
  )
}

const shaped = (leaf: Leaf, shape: Leaf['shape']): Leaf => ({ ...leaf, shape, of: shape === 'distinct' ? 'account' : shape === 'count' ? '' : leaf.of && !ENTITIES.some((one) => one === leaf.of) ? leaf.of : 'amount' })

/** What is taken of which facts. */
function LeafFields({ leaf, change, title, choosesShape }: { leaf: Leaf; change: (leaf: Leaf) => void; title: string | null; choosesShape: boolean }) {
  const { t } = useTranslation()
  const id = useId()
  const { data } = useQuery(factFields())
  const measured = leaf.shape === 'sum' || leaf.shape === 'average'
  const known: readonly string[] = measured ? MEASURES : leaf.shape === 'distinct' ? ENTITIES : []
  const words = measured ? 'measure' : 'entity'
  const options = [...known.map((value) => ({ value, label: t(`setup.metrics.${words}.${value}`) })), ...(leaf.of.startsWith('attribute:') ? [{ value: leaf.of, label: leaf.of.slice('attribute:'.length) }] : [])]
  return (
    <div role="group" aria-label={title ?? t('setup.metrics.formula')} style={{ marginTop: 12 }}>
      {title && <p className={styles.words}>{title}</p>}
      <div className={styles.pair}>
        {choosesShape && <Labelled half id={`${id}shape`} label={t('setup.metrics.take')}><Select id={`${id}shape`} className={styles.full} value={leaf.shape} options={SHAPES.filter((one) => one !== 'ratio').map((value) => ({ value, label: t(`setup.metrics.shape.${value}`) }))} onChange={(next: Leaf['shape']) => change(shaped(leaf, next))} /></Labelled>}
        {known.length > 0 && <Labelled half id={`${id}of`} label={t('setup.metrics.of')}><Select id={`${id}of`} className={styles.full} value={leaf.of} options={options} onChange={(of: string) => change({ ...leaf, of })} /></Labelled>}
        <Labelled half id={`${id}kinds`} label={t('setup.metrics.kinds')} required><Select id={`${id}kinds`} mode="tags" className={styles.full} value={[...leaf.kinds]} options={data?.kinds.map(({ value, name }) => ({ value, label: name }))} onChange={(kinds: string[]) => change({ ...leaf, kinds })} /></Labelled>
      </div>
      <p className={styles.words} style={{ margin: '12px 0 4px' }}>{t('setup.conditions.title')}</p>
      <ConditionEditor tests={leaf.tests} change={(tests) => change({ ...leaf, tests })} />
    </div>
  )
}
