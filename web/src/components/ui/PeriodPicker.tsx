import { useState } from 'react'
import Button from 'antd/es/button'
import Popover from 'antd/es/popover'
import Segmented from 'antd/es/segmented'
import { ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { monthName, useFormat } from '@/components/format/format'
import styles from './PeriodPicker.module.css'

type Kind = 'month' | 'quarter' | 'year'
const kindOf = (period: string): Kind => (period.includes('Q') ? 'quarter' : period.includes('-') ? 'month' : 'year')

/** Month, quarter or year; keys: the arrows of the year, Tab through the periods. */
export function PeriodPicker({ value, current, onChange }: { value: string; current: string; onChange: (period: string) => void }) {
  const [open, setOpen] = useState(false)
  const format = useFormat()
  const { t } = useTranslation()
  return (
    <Popover
      open={open} onOpenChange={setOpen} trigger="click" placement="bottomLeft" arrow={false} destroyOnHidden
      content={<Panel value={value} current={current} onPick={(period) => { setOpen(false); onChange(period) }} />}
    >
      <Button className={styles.trigger} aria-label={`${t('period.choose')}: ${format.period(value)}`} aria-expanded={open}>
        {format.period(value)}<ChevronDown size={14} aria-hidden />
      </Button>
    </Popover>
  )
}

function Panel({ value, current, onPick }: { value: string; current: string; onPick: (period: string) => void }) {
  const { t } = useTranslation()
  const { locale } = useFormat()
  const [kind, setKind] = useState<Kind>(kindOf(value))
  const [year, setYear] = useState(Number(value.slice(0, 4)))
  const choices = kind === 'month'
    ? Array.from({ length: 12 }, (_, i) => ({ period: `${year}-${String(i + 1).padStart(2, '0')}`, label: monthName(i + 1, locale) }))
    : kind === 'quarter'
      ? [1, 2, 3, 4].map((q) => ({ period: `${year}-Q${q}`, label: t('period.quarter_short', { quarter: q }) }))
      : [year - 1, year, year + 1].map((y) => ({ period: String(y), label: t('period.year', { year: y }) }))
  return (
    <div className={styles.panel}>
      <Segmented block size="small" value={kind} onChange={setKind} options={(['month', 'quarter', 'year'] as const).map((k) => ({ value: k, label: t(`period.kind.${k}`) }))} />
      <div className={styles.year}>
        <Button type="text" size="small" icon={<ChevronLeft size={14} />} aria-label={t('period.previous_year')} onClick={() => setYear(year - 1)} />
        <strong>{t('period.year', { year })}</strong>
        <Button type="text" size="small" icon={<ChevronRight size={14} />} aria-label={t('period.next_year')} onClick={() => setYear(year + 1)} />
      </div>
      <div className={styles.grid} data-kind={kind}>
        {choices.map(({ period, label }) => (
          <button key={period} type="button" aria-pressed={period === value} data-current={period === current} onClick={() => onPick(period)}>{label}</button>
        ))}
      </div>
    </div>
  )
}
