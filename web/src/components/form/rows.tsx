import type { ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/api/queries'
import { recordQueries } from '@/api/records'
import { isZero, subtractDecimal } from '@/components/format/decimal'
import { formatNumber, useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { ChoiceControl, MoneyControl, PercentControl, TextControl } from './controls'
import type { ControlProps } from './context'
import type { Problems } from './errors'
import { rowsOf, textOf, type Row, type Values } from './fields'
import { daysLater } from './moment'
import { compareDecimal, currencyDigits, lineAmounts, ownersPercent, readNumber, shareToPercent, sumOf } from './money'
import { PersonPicker, ProductPicker } from './pickers'
import styles from './Form.module.css'

export interface RowsProps { name: string; id: string; values: Values; set: (rows: readonly Row[]) => void; problems: Problems; disabled?: boolean }

/** A list in a form: rows that are added and taken away, with what they come to below. */
function Rows({ name, id, values, set, problems, disabled, empty, add, foot, row }: RowsProps & { empty: () => Row; add: string; foot?: ReactNode; row: (at: Row, change: (part: Row) => void, control: (sub: string, label: string) => ControlProps, index: number) => ReactNode }) {
  const { t } = useTranslation()
  const rows = rowsOf(values, name)
  const change = (index: number, part: Row) => set(rows.map((one, at) => (at === index ? { ...one, ...part } : one)))
  return (
    <div className={styles.rows}>
      {rows.map((one, index) => {
        const control = (sub: string, label: string): ControlProps => ({
          id: `${id}-${index}-${sub}`, label, value: one[sub] ?? '', disabled, change: (value) => change(index, { [sub]: value }),
          invalid: Boolean(problems[`${name}/${index}/${sub}`]), describedBy: problems[`${name}/${index}/${sub}`] ? `${id}-${index}-problem` : undefined,
        })
        const said = Object.entries(problems).filter(([place]) => place === `${name}/${index}` || place.startsWith(`${name}/${index}/`)).map(([, text]) => text)
        return (
          <div key={index} className={styles.row} role="group" aria-label={t('form.row', { number: index + 1 })} data-problem={said.length > 0 || undefined}>
            {row(one, (part) => change(index, part), control, index)}
            <Button type="text" className={styles.take} icon={<X size={15} aria-hidden />} disabled={disabled} aria-label={t('form.take_row', { number: index + 1 })} onClick={() => set(rows.filter((_, at) => at !== index))} />
            {said.length > 0 && <p id={`${id}-${index}-problem`} className={styles.problem}>{[...new Set(said)].join(' ')}</p>}
          </div>
        )
      })}
      <div className={styles.rowsFoot}>
        <Button id={id} size="small" icon={<Plus size={14} aria-hidden />} disabled={disabled} onClick={() => set([...rows, empty()])}>{add}</Button>
        {foot}
      </div>
    </div>
  )
}

const ROLES = ['owner', 'overlay', 'mentor'] as const

/** Who is credited, and with how much of it; the owners' shares together are watched while one types. */
export function SplitsControl(props: RowsProps) {
  const { t, i18n } = useTranslation()
  const rows = rowsOf(props.values, props.name)
  const total = ownersPercent(rows)
  const over = compareDecimal(total, '100') > 0
  const foot = rows.length > 0 && <span className={styles.sum} data-over={over} role="status">{t('form.owners_sum')} <b>{formatNumber(total)}{'\u2009'}%</b>{over && ` · ${t('form.problem.over_100')}`}</span>
  return (
    <Rows
      {...props} add={t('form.add_split')} foot={foot} empty={() => ({ person_id: '', role: 'owner', share: rows.length === 0 ? '100' : '', from: '' })}
      row={(at, _change, control) => {
        const roles = [...ROLES, ...(at.role && !ROLES.some((role) => role === at.role) ? [at.role] : [])]
        return (
          <div className={styles.split}>
            <PersonPicker {...control('person_id', t('form.split.person'))} />
            <ChoiceControl {...control('role', t('form.split.role'))} clearable={false} options={roles.map((value) => ({ value, label: i18n.exists(`split_role.${value}`) ? t(`split_role.${value}`) : value }))} />
            <PercentControl {...control('share', t('form.split.share'))} />
          </div>
        )
      }}
    />
  )
}

/** What is sold: each line's amount with and without VAT as it is typed, and their sums. */
export function LinesControl(props: RowsProps) {
  const { t } = useTranslation()
  const { company } = useMe()
  const { data: products } = useQuery(recordQueries.products())
  const digits = currencyDigits(company.currency)
  const rows = rowsOf(props.values, props.name)
  const amounts = rows.map((row) => lineAmounts(row.quantity ?? '', row.price ?? '', row.tax_rate ?? '', digits))
  const sums = { amount: sumOf(amounts.map((one) => one?.amount ?? '0'), digits), withoutTax: sumOf(amounts.map((one) => one?.withoutTax ?? '0'), digits) }
  const foot = rows.length > 0 && (
    <span className={styles.sum} role="status">{t('form.with_tax')} <b>{formatNumber(sums.amount)}</b><span className={styles.second}>{t('form.without_tax')} {formatNumber(sums.withoutTax)}</span></span>
  )
  return (
    <Rows
      {...props} add={t('form.add_line')} foot={foot} empty={() => ({ product_id: '', description: '', quantity: '1', price: '', tax_rate: rows.at(-1)?.tax_rate ?? '13', list_price: '', cost: '' })}
      row={(at, change, control, index) => (
        <>
          <div className={styles.line}>
            <ProductPicker
              {...control('product_id', t('form.line.product'))}
              change={(id) => {
                const product = products?.find((one) => one.id === id)
                // What the product says is taken where nothing was typed; its old list price and cost were another product's.
                change({ product_id: id, list_price: '', cost: '', ...(product?.list_price && !at.price ? { price: product.list_price.amount } : {}), ...(product?.tax_rate ? { tax_rate: shareToPercent(product.tax_rate) } : {}) })
              }}
            />
            {!at.product_id && <TextControl {...control('description', t('form.line.description'))} />}
          </div>
          <div className={styles.lineFigures}>
            <label htmlFor={control('quantity', '').id}>{t('form.line.quantity')}<TextControl {...control('quantity', t('form.line.quantity'))} mode="decimal" /></label>
            <label htmlFor={control('price', '').id}>{t('form.line.price')}<MoneyControl bare {...control('price', t('form.line.price'))} /></label>
            <label htmlFor={control('tax_rate', '').id}>{t('form.line.tax_rate')}<PercentControl {...control('tax_rate', t('form.line.tax_rate'))} /></label>
            <span className={styles.lineSum}>{amounts[index] ? <>{formatNumber(amounts[index].amount)}<small>{t('form.without_tax')} {formatNumber(amounts[index].withoutTax)}</small></> : '—'}</span>
          </div>
        </>
      )}
    />
  )
}

/** When how much is to be paid, beside what the contract comes to. */
export function ScheduleControl({ total, ...props }: RowsProps & { total: string }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const format = useFormat()
  const digits = currencyDigits(company.currency)
  const rows = rowsOf(props.values, props.name)
  const sum = sumOf(rows.map((row) => row.amount ?? ''), digits)
  const rest = subtractDecimal(total || '0', sum)
  const signed = textOf(props.values, 'signed_on') || company.today
  const foot = rows.length > 0 && (
    <span className={styles.sum} role="status">
      {t('form.schedule_sum')} <b>{formatNumber(sum)}</b>
      <span className={styles.second} data-open={!isZero(rest)}>{isZero(rest) ? t('form.schedule_fits') : rest.startsWith('-') ? t('form.schedule_over', { amount: format.money(rest.slice(1), null, false) }) : t('form.schedule_open', { amount: format.money(rest, null, false) })}</span>
    </span>
  )
  return (
    <Rows
      {...props} add={t('form.add_due')} foot={foot} empty={() => ({ name: '', due_on: daysLater(rows.at(-1)?.due_on || signed, rows.length === 0 ? 0 : 30), amount: readNumber(rest) && compareDecimal(rest, '0') > 0 ? rest : '' })}
      row={(_at, _change, control) => (
        <div className={styles.due}>
          <TextControl {...control('due_on', t('form.due.on'))} type="date" />
          <MoneyControl bare {...control('amount', t('form.due.amount'))} />
          <TextControl {...control('name', t('form.due.name'))} hint={t('form.due.name')} />
        </div>
      )}
    />
  )
}
