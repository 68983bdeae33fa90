import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { monthName, useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { Pop } from '@/components/ui/Pop'
import { Segmented } from '@/components/ui/Segmented'
import styles from './PeriodPicker.module.css'

type Kind = 'month' | 'quarter' | 'year'
const kindOf = (period: string): Kind => (period.includes('Q') ? 'quarter' : period.includes('-') ? 'month' : 'year')

/** Month, quarter or year; the arrow keys move through the periods, Escape closes. */
export function PeriodPicker({ value, current, onChange }: { value: string; current: string; onChange: (period: string) => void }) {
  const format = useFormat()
  const { t } = useTranslation()
  return (
    <Pop opener={(props) => <Button {...props} className={styles.trigger} aria-label={`${t('period.choose')}: ${format.period(value)}`}>{format.period(value)}<ChevronDown size={14} aria-hidden /></Button>}>
      {(close) => <Panel value={value} current={current} onPick={(period) => { close(); onChange(period) }} />}
    </Pop>
  )
}

function Panel({ value, current, onPick }: { value: string; current: string; onPick: (period: string) => void }) {
  const grid = useRef<HTMLDivElement>(null)
  const { t } = useTranslation()
  const { locale } = useFormat()
  const [kind, setKind] = useState<Kind>(kindOf(value))
  const [year, setYear] = useState(Number(value.slice(0, 4)))
  const choices = kind === 'month'
    ? Array.from({ length: 12 }, (_, i) => ({ period: `${year}-${String(i + 1).padStart(2, '0')}`, label: monthName(i + 1, locale) }))
    : kind === 'quarter'
      ? [1, 2, 3, 4].map((q) => ({ period: `${year}-Q${q}`, label: t('period.quarter_short', { quarter: q }) }))
      : [year - 1, year, year + 1].map((y) => ({ period: String(y), label: t('period.year', { year: y }) }))
  useEffect(() => {
    const chosen = grid.current?.querySelector<HTMLElement>('[aria-pressed="true"]') ?? grid.current?.querySelector<HTMLElement>('button')
    // After the popover has its place, or the page would scroll to where it was drawn first.
    const frame = requestAnimationFrame(() => chosen?.focus({ preventScroll: true }))
    return () => cancelAnimationFrame(frame)
  }, [])
  const onKey = (event: KeyboardEvent) => {
    const buttons = [...(grid.current?.querySelectorAll('button') ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: kind === 'quarter' ? -2 : -3, ArrowDown: kind === 'quarter' ? 2 : 3 }[event.key]
    if (step !== undefined && at >= 0) buttons[at + step]?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- arrows for the buttons inside
    <div className={styles.panel} onKeyDown={onKey}>
      <Segmented block size="small" value={kind} onChange={setKind} options={(['month', 'quarter', 'year'] as const).map((k) => ({ value: k, label: t(`period.kind.${k}`) }))} />
      <div className={styles.year}>
        <Button type="text" size="small" icon={<ChevronLeft size={14} />} aria-label={t('period.previous_year')} onClick={() => setYear(year - 1)} />
        <strong>{t('period.year', { year })}</strong>
        <Button type="text" size="small" icon={<ChevronRight size={14} />} aria-label={t('period.next_year')} onClick={() => setYear(year + 1)} />
      </div>
      <div className={styles.grid} data-kind={kind} ref={grid}>
        {choices.map(({ period, label }) => (
          <button key={period} type="button" aria-pressed={period === value} data-current={period === current} onClick={() => onPick(period)}>{label}</button>
        ))}
      </div>
    </div>
  )
}
