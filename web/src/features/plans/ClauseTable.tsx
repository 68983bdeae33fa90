import { useTranslation } from 'react-i18next'
import type { Clause } from '@/api/types'
import { formatRate, useFormat } from '@/components/format/format'
import table from '@/components/ui/table.module.css'

const NUMERIC = new Set(['money', 'percent', 'rate', 'count', 'days', 'score'])

/** A rule's table: tiers, look-up rows, a rate or a reward. */
export function ClauseTable({ clause, currency }: { clause: Clause; currency: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (!clause.table) return null
  const { columns, rows, kind } = clause.table
  const cell = (key: string, unit: string | null | undefined, value: string | null | undefined) => {
    if (value === null || value === undefined || value === '') return kind === 'tiers' && key === 'to' ? t('plans.no_upper') : '—'
    if (unit === 'money') return format.round(value, currency, kind === 'reward')
    // A tier on attainment is a whole percent; more digits only where there are any.
    if (unit === 'percent' || unit === 'rate') return formatRate(value)
    return format.value(value, unit)
  }
  return (
    <div className={table.scroll}>
      <table className={table.table}>
        <thead><tr>{columns.map((column) => <th scope="col" key={column.key} className={NUMERIC.has(column.unit ?? '') ? table.num : ''}>{column.label}</th>)}</tr></thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map((column) => <td key={column.key} className={`${NUMERIC.has(column.unit ?? '') ? table.num : ''} ${column.unit === 'rate' || column.unit === 'percent' ? table.strong : ''}`}>{cell(column.key, column.unit, row[column.key])}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
