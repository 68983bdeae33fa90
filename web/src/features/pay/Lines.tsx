import { useState } from 'react'
import { ChevronDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { statusOf, type Estimate, type PayLine, type Status } from '@/api/types'
import { addDecimal, isWhole } from '@/components/format/decimal'
import { formatDay, formatRate, useFormat } from '@/components/format/format'
import { Section } from '@/components/ui/Section'
import { Segmented } from '@/components/ui/Segmented'
import { Empty } from '@/components/ui/States'
import { StatusTag } from '@/components/ui/Tags'
import table from '@/components/ui/table.module.css'
import { usePhone } from '@/components/ui/useMediaQuery'
import { WhyLink } from '@/components/why/WhyLink'
import { useDrawer } from '@/components/why/address'
import styles from './Lines.module.css'

const STATUSES: Status[] = ['earned', 'pending', 'held', 'paid', 'forfeited']

export const visibleLines = (lines: PayLine[], tab: string) => (tab === 'all' ? lines : lines.filter((line) => statusOf(line.status) === tab))

/** The lines of the estimate; on the phone a list in the same order. */
export function Lines({ estimate, tab, setTab }: { estimate: Estimate; tab: string; setTab: (tab: string) => void }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const { lines } = estimate
  const shown = visibleLines(lines, tab)
  const count = (status: Status) => lines.filter((line) => statusOf(line.status) === status).length
  const options = [
    { value: 'all', label: t('pay.all') },
    ...STATUSES.filter((status) => count(status) > 0).map((status) => ({ value: status, label: `${t(`status.${status}`)} ${count(status)}` })),
  ]
  return (
    <Section className={styles.section} title={t('pay.lines')} note={t('pay.lines_count', { count: lines.length })} aside={lines.length > 0 && <Segmented value={tab} onChange={setTab} options={options} aria-label={t('pay.filter_status')} />}>
      {lines.length === 0
        ? <Empty title={t('pay.empty')}>{t('pay.empty_help')}</Empty>
        : phone ? <LineList lines={shown} /> : <LineTable lines={shown} currency={estimate.currency} />}
      {estimate.not_counted.length > 0 && <NotCounted items={estimate.not_counted} />}
    </Section>
  )
}

function LineTable({ lines, currency }: { lines: PayLine[]; currency: string }) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const drawer = useDrawer()
  const whole = lines.every((line) => isWhole(line.basis?.amount))
  const total = lines.filter((line) => line.status !== 'forfeited').reduce((sum, line) => addDecimal(sum, line.amount.amount), '0')
  return (
    <div className={table.scroll}>
      <table className={`${table.table} ${styles.table}`}>
        <thead>
          <tr>
            <th scope="col">{t('pay.col.date')}</th><th scope="col">{t('pay.col.source')}</th><th scope="col">{t('pay.col.component')}</th>
            <th scope="col" className={table.num}>{t('pay.col.basis')}</th><th scope="col" className={table.num}>{t('pay.col.rate')}</th>
            <th scope="col" className={table.num}>{t('pay.col.amount')}</th><th scope="col">{t('pay.col.status')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
             
            <tr key={line.id} className={`${table.clickable} ${line.why === drawer.why ? table.selected : ''}`} onClick={(event) => { if (line.why && !(event.target instanceof Element && event.target.closest('a'))) drawer.open(line.why, drawer.why !== null) }}>
              <td className={table.date}>{formatDay(line.date)}</td>
              <td><Source line={line} /></td>
              <td className={table.second}>{line.component_name}</td>
              <td className={table.num}>{line.basis ? (whole ? format.round : format.money)(line.basis.amount, line.basis.currency, false) : '—'}</td>
              <td className={`${table.num} ${table.second}`}><Rate line={line} /></td>
              <td className={`${table.num} ${table.strong}`}><WhyLink url={line.why} className={line.amount.amount.startsWith('-') ? styles.negative : ''}>{format.money(line.amount.amount, line.amount.currency, false)}</WhyLink></td>
              <td className={styles.status}><StatusTag status={statusOf(line.status)} /></td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr><td colSpan={5}>{t('pay.sum')}</td><td className={table.num}>{format.money(total, currency, false)}</td><td className={table.muted}>{t('pay.unit', { currency: i18n.exists(`currency.${currency}`) ? t(`currency.${currency}`) : currency })}</td></tr>
        </tfoot>
      </table>
    </div>
  )
}

function Source({ line }: { line: PayLine }) {
  const { t, i18n } = useTranslation()
  // The customer, else the deal; a fact without either goes by its kind.
  const known = [line.source?.account_name, line.source?.name].find((name) => name)
  return <>{known ?? (i18n.exists(`kind.${line.kind}`) ? t(`kind.${line.kind}`) : line.kind)}{line.source?.tag && <span className={table.tag}>{line.source.tag}</span>}</>
}

function Rate({ line }: { line: PayLine }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (line.fixed) return t('pay.fixed_each', { amount: format.round(line.fixed.amount, line.fixed.currency, true) })
  return line.rates.length > 0 ? format.list(line.rates.map(formatRate)) : '—'
}

function LineList({ lines }: { lines: PayLine[] }) {
  const format = useFormat()
  const drawer = useDrawer()
  return (
    <ul className={styles.list}>
      {lines.map((line) => (
        <li key={line.id}>
          <button type="button" disabled={!line.why} onClick={() => { if (line.why) drawer.open(line.why) }}>
            <span className={styles.name}><Source line={line} /></span>
            <span className={`${styles.amount} ${line.amount.amount.startsWith('-') ? styles.negative : ''}`}>{format.money(line.amount.amount, line.amount.currency, false)}</span>
            <span className={styles.how}>{line.component_name} · {line.basis && <>{format.round(line.basis.amount, line.basis.currency)} × </>}<Rate line={line} /></span>
            <span className={styles.state}><StatusTag status={statusOf(line.status)} bare /> {formatDay(line.date)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function NotCounted({ items }: { items: Estimate['not_counted'] }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <div className={styles.notCounted}>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}><ChevronDown size={14} aria-hidden />{t('pay.not_counted', { count: items.length })}</button>
      {open && (
        <ul>
          {items.map((item) => <li key={item.fact_id}><time dateTime={item.date}>{formatDay(item.date)}</time><span>{item.label}</span><small>{t(`pay.reason.${item.reason}`)}</small></li>)}
        </ul>
      )}
    </div>
  )
}
