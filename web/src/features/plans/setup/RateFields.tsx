import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MetricItem } from '@/api/types'
import { Select } from '@/components/antd/Select'
import { Input } from '@/components/antd/controls'
import type { FactFields } from '@/components/facts/conditions'
import { Labelled } from '@/components/form/Labelled'
import { ChipsControl } from '@/components/form/controls'
import { readNumber } from '@/components/form/money'
import { formatNumber } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import type { Band, Component, LookupRow } from './planModel'
import styles from './Editor.module.css'

interface Props {
  part: Component; change: (part: Component) => void; currency: string; metrics: MetricItem[]; fields: FactFields['fields']
  /** What is wrong at a place of the rate or below it, and exactly there. */
  problem: (place: string) => string | undefined
  exactly: (place: string) => string | undefined
}

/** How much is earned, as a rate, a table or a reward. */
export function RateFields(props: Props) {
  const { part, change, problem } = props
  const { t } = useTranslation()
  if (part.kind === 'flat') return <div className={styles.part}><Labelled id="rate-flat" label={t('setup.plans.field.rate')} problem={problem('flat')} required><Figure id="rate-flat" label={t('setup.plans.field.rate')} value={part.flat} suffix="%" change={(flat) => change({ ...part, flat })} /></Labelled></div>
  if (part.kind === 'lookup') return <LookupFields {...props} />
  if (part.kind === 'reward') {
    return (
      <div className={styles.part}>
        <Labelled id="rate-reward" label={t('setup.plans.field.reward')} problem={problem('reward')} required><Figure id="rate-reward" label={t('setup.plans.field.reward')} value={part.reward} suffix={props.currency} change={(reward) => change({ ...part, reward })} /></Labelled>
        <p className={styles.label}>{t('setup.plans.field.if_lost')}</p>
        <ChipsControl id="rate-lost" label={t('setup.plans.field.if_lost')} value={part.ifLost} change={(ifLost) => change({ ...part, ifLost: ifLost === 'keep' ? 'keep' : 'forfeit' })} options={(['keep', 'forfeit'] as const).map((value) => ({ value, label: t(`setup.plans.lost.${value}`) }))} />
      </div>
    )
  }
  return <TierFields {...props} />
}

/** A figure as it is read; what is no number stands as it was typed. */
const grouped = (typed: string) => { const number = readNumber(typed); return number === null ? typed : formatNumber(number) }

const Figure = ({ id, label, value, suffix, change, invalid = false }: { id: string; label: string; value: string; suffix: string; change: (value: string) => void; invalid?: boolean }) => (
  <Input id={id} aria-label={label} className={styles.figure} inputMode="decimal" autoComplete="off" value={value} suffix={suffix} status={invalid ? 'error' : undefined} aria-invalid={invalid || undefined} onChange={(event) => change(event.target.value)} />
)

/** The bands from below: each from where it begins to where the next does. */
function TierFields({ part, change, currency, metrics, exactly, problem }: Props) {
  const { t } = useTranslation()
  const unit = part.metric ? '%' : currency
  const set = (index: number, band: Partial<Band>) => change({ ...part, bands: part.bands.map((one, place) => (place === index ? { ...one, ...band } : one)) })
  const places = part.bands.map((_, index) => [exactly(`tiers/rows/${index}/from`), exactly(`tiers/rows/${index}/rate`)] as const)
  const wrong = [...places.flat(), exactly('tiers/rows'), problem('tiers/on')].filter((one): one is string => one !== undefined)
  return (
    <div className={styles.part}>
      <Labelled id="tiers-on" label={t('setup.plans.field.on')}><Select id="tiers-on" className={styles.full} value={part.metric} options={[{ value: '', label: t('setup.plans.on_amount') }, ...metrics.map(({ code, name }) => ({ value: code, label: t('setup.plans.on_attainment', { name }) }))]} showSearch={{ optionFilterProp: 'label' }} onChange={(metric: string) => change({ ...part, metric })} /></Labelled>
      <table className={styles.table}>
        <thead><tr><th scope="col">{t('setup.plans.from_col', { unit })}</th><th scope="col">{t('setup.plans.to_col')}</th><th scope="col">{t('setup.plans.field.rate')}</th><th scope="col"><span className="visually-hidden">{t('setup.actions')}</span></th></tr></thead>
        <tbody>
          {part.bands.map((band, index) => (
            <tr key={index}>
              <td><Figure id={`band-${index}`} label={t('setup.plans.from_nth', { number: index + 1 })} value={band.from} suffix={unit} invalid={places[index]?.[0] !== undefined} change={(from) => set(index, { from })} /></td>
              <td className={styles.to}>{part.bands[index + 1]?.from ? `${grouped(part.bands[index + 1]?.from ?? '')} ${unit}` : t('plans.no_upper')}</td>
              <td><Figure id={`band-rate-${index}`} label={t('setup.plans.rate_nth', { number: index + 1 })} value={band.rate} suffix="%" invalid={places[index]?.[1] !== undefined} change={(rate) => set(index, { rate })} /></td>
              <td>{part.bands.length > 1 && <Button type="text" icon={<X size={14} aria-hidden />} aria-label={t('setup.plans.take_band', { number: index + 1 })} onClick={() => change({ ...part, bands: part.bands.filter((_, place) => place !== index) })} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Wrong texts={wrong} />
      <Button type="link" size="small" className={styles.add} icon={<Plus size={14} aria-hidden />} onClick={() => change({ ...part, bands: [...part.bands, { from: '', rate: '' }] })}>{t('setup.plans.add_band')}</Button>
    </div>
  )
}

/** Rates by dimensions: the row that names most of them wins. */
function LookupFields({ part, change, fields, exactly, problem }: Props) {
  const { t } = useTranslation()
  const dimensions = fields.filter(({ is_number, field }) => !is_number && field !== 'role')
  const nameOf = (field: string) => fields.find((one) => one.field === field)?.name ?? field
  const set = (index: number, row: LookupRow) => change({ ...part, rows: part.rows.map((one, place) => (place === index ? row : one)) })
  const wrong = [...part.rows.map((_, index) => problem(`lookup/rows/${index}`)), exactly('lookup/default')].filter((one): one is string => one !== undefined)
  return (
    <div className={styles.part}>
      <Labelled id="lookup-by" label={t('setup.plans.field.by')} required><Select id="lookup-by" mode="multiple" className={styles.full} value={[...part.by]} options={dimensions.map(({ field, name }) => ({ value: field, label: name }))} onChange={(by: string[]) => change({ ...part, by })} /></Labelled>
      <table className={styles.table}>
        <thead><tr>{part.by.map((field) => <th scope="col" key={field}>{nameOf(field)}</th>)}<th scope="col">{t('setup.plans.field.rate')}</th><th scope="col"><span className="visually-hidden">{t('setup.actions')}</span></th></tr></thead>
        <tbody>
          {part.rows.map((row, index) => (
            <tr key={index}>
              {part.by.map((field) => <td key={field}><Value field={fields.find((one) => one.field === field)} label={`${nameOf(field)} ${index + 1}`} value={row.values[field] ?? ''} change={(value) => set(index, { ...row, values: { ...row.values, [field]: value } })} /></td>)}
              <td><Figure id={`row-rate-${index}`} label={t('setup.plans.rate_nth', { number: index + 1 })} value={row.rate} suffix="%" change={(rate) => set(index, { ...row, rate })} /></td>
              <td>{part.rows.length > 1 && <Button type="text" icon={<X size={14} aria-hidden />} aria-label={t('setup.plans.take_row', { number: index + 1 })} onClick={() => change({ ...part, rows: part.rows.filter((_, place) => place !== index) })} />}</td>
            </tr>
          ))}
          <tr><td colSpan={part.by.length} className={styles.to}>{t('setup.plans.others')}</td><td><Figure id="row-other" label={t('setup.plans.others')} value={part.other} suffix="%" change={(other) => change({ ...part, other })} /></td><td /></tr>
        </tbody>
      </table>
      <Wrong texts={wrong} />
      <Button type="link" size="small" className={styles.add} icon={<Plus size={14} aria-hidden />} onClick={() => change({ ...part, rows: [...part.rows, { values: {}, rate: '' }] })}>{t('setup.plans.add_row')}</Button>
    </div>
  )
}

function Value({ field, label, value, change }: { field: FactFields['fields'][number] | undefined; label: string; value: string; change: (value: string) => void }) {
  const { t } = useTranslation()
  if (!field || field.values.length === 0) return <Input aria-label={label} value={value} placeholder={t('setup.plans.any')} onChange={(event) => change(event.target.value)} />
  return <Select aria-label={label} className={styles.full} allowClear placeholder={t('setup.plans.any')} value={value || undefined} options={field.values.map((one) => ({ value: one.value, label: one.name }))} onChange={(next: string | undefined) => change(next ?? '')} />
}

const Wrong = ({ texts }: { texts: readonly string[] }) => (texts.length > 0 ? <ul className={styles.mistakes} role="alert">{[...new Set(texts)].map((text) => <li key={text}>{text}</li>)}</ul> : null)
