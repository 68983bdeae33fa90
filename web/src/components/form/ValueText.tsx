import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries, useMe } from '@/api/queries'
import { recordQueries } from '@/api/records'
import { formatNumber, useFormat } from '@/components/format/format'
import { useKnownNames } from './context'
import { textOf, type Field, type Row, type Values } from './fields'
import { readNumber } from './money'
import { useRecordName } from './pickers'

/** The value of a field as one reads it. */
export function ValueText({ field, values }: { field: Field; values: Values }) {
  const { t } = useTranslation()
  const format = useFormat()
  const value = values[field.key]
  if (value === undefined || value.length === 0) return <i>{t('form.empty_value')}</i>
  if (typeof value !== 'string') return <RowsText field={field} rows={value} />
  switch (field.kind) {
    case 'money': return <>{formatNumber(readNumber(value) ?? value)}</>
    case 'percent': return <>{value}{'\u2009'}%</>
    case 'moment': return <>{value.replace('T', ' ')}</>
    case 'person': return <PersonName id={value} />
    case 'account': case 'contact': case 'opportunity': case 'contract': case 'payment': case 'sales_order': return <RecordName type={field.kind} id={value} />
    case 'product': return <ProductName id={value} />
    case 'stage': case 'pipeline': return <StageName id={value} />
    case 'choice': case 'chips': {
      const option = field.options?.find((one) => one.value === value)
      return <>{option ? t(option.label) : value}</>
    }
    case 'date': return <>{format.value(value, 'date')}</>
    default: return <bdi>{value}</bdi>
  }
}

function RowsText({ field, rows }: { field: Field; rows: readonly Row[] }) {
  const { i18n, t } = useTranslation()
  const name = field.key
  return rows.map((row, index) => (
    <div key={index}>
      {field.kind === 'splits' && <><PersonName id={row.person_id ?? ''} /> {i18n.exists(`split_role.${row.role}`) ? t(`split_role.${row.role}`) : row.role} {row.share}{'\u2009'}%</>}
      {field.kind === 'schedule' && <>{row.due_on} {formatNumber(readNumber(row.amount ?? '') ?? '')} {row.name}</>}
      {field.kind === 'lines' && <>{row.product_id ? <ProductName id={row.product_id} /> : row.description || textOf(row, name)} {row.quantity} × {formatNumber(readNumber(row.price ?? '') ?? '')}</>}
    </div>
  ))
}

function PersonName({ id }: { id: string }) {
  const known = useKnownNames()
  const me = useMe()
  const { data } = useQuery(queries.people(''))
  return <>{known[id] ?? (me.person?.id === id ? me.person.name : data?.items.find((one) => one.id === id)?.name ?? '…')}</>
}

const RecordName = ({ type, id }: { type: string; id: string }) => <>{useRecordName(type, id) ?? '…'}</>

function ProductName({ id }: { id: string }) {
  const { data } = useQuery(recordQueries.products())
  return <>{data?.find((one) => one.id === id)?.name ?? '…'}</>
}

function StageName({ id }: { id: string }) {
  const { data } = useQuery(recordQueries.pipelines())
  const found = data?.find((one) => one.id === id) ?? data?.flatMap(({ stages }) => stages).find((stage) => stage.id === id || stage.code === id)
  return <>{found?.name ?? '…'}</>
}
