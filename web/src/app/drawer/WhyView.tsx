import type { ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { ArrowUpRight, Copy, FileText } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries, useMe } from '@/api/queries'
import { statusOf, type RecordRef, type Why } from '@/api/types'
import { isZero } from '@/components/format/decimal'
import { formatDate, formatDay, groupNumbers, isSinceEver, formatMoment, useFormat } from '@/components/format/format'
import { BigFigure } from '@/components/ui/BigFigure'
import { Button } from '@/components/ui/Button'
import { Highlighted } from '@/components/ui/Highlighted'
import { Bone, BoneRows, ErrorState } from '@/components/ui/States'
import { StatusTag } from '@/components/ui/Tags'
import { useToast } from '@/components/ui/Toast'
import { WhyLink } from '@/components/why/WhyLink'
import { FactsMore } from './FactsMore'
import { explanationText, titleOf } from './explanationText'
import styles from './WhyView.module.css'

/** Four parts: the rule in words, the arithmetic, the facts, the records. */
export function WhyView({ url, openRecord }: { url: string; openRecord: (record: RecordRef) => void }) {
  const { data: why, error, refetch } = useQuery(queries.why(url))
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!why) return <div className={styles.scroll} style={{ padding: '4px 20px' }}><Bone w={150} h={28} /><BoneRows rows={7} /></div>
  return (
    <>
      <div className={styles.scroll}>
        <Head why={why} url={url} />
        {why.rule && <RulePart rule={why.rule} />}
        {why.arithmetic.length > 0 && <ArithmeticPart why={why} number={why.rule ? 2 : 1} />}
        {(why.facts_total > 0 || why.facts_href) && <FactsPart why={why} openRecord={openRecord} />}
        {why.records.length > 0 && <RecordsPart why={why} openRecord={openRecord} />}
      </div>
      <Foot why={why} />
    </>
  )
}

function Head({ why, url }: { why: Why; url: string }) {
  const format = useFormat()
  const day = why.facts.at(-1)?.date
  return (
    <header className={styles.head}>
      <div className={styles.figure}>
        <BigFigure figure={{ ...why.figure, why: null }} identity={url} size={22} />
        {why.status && <StatusTag status={statusOf(why.status)} prefix={why.status === 'earned' && day ? formatDay(day) : undefined} />}
      </div>
      <h2>{titleOf(why, format)}</h2>
    </header>
  )
}

function Part({ number, title, aside, children }: { number: number; title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h3><span className={styles.number} aria-hidden="true">{number}</span>{title}{aside && <span className={styles.aside}>{aside}</span>}</h3>
      {children}
    </section>
  )
}

function RulePart({ rule }: { rule: NonNullable<Why['rule']> }) {
  const { t } = useTranslation()
  const version = rule.version == null ? null : t('version.nth', { version: rule.version })
  return (
    <Part number={1} title={t('why.rule')} aside={rule.href && <Link to={rule.href}>{version ?? rule.name} ›</Link>}>
      <p className={styles.rule}><Highlighted text={rule.text} words={rule.highlights} /></p>
      <p className={styles.source}>{[[rule.name, version].filter(Boolean).join(' '), rule.from != null && !isSinceEver(rule.from) && t('version.since', { date: formatDate(rule.from) })].filter(Boolean).join(' · ')}</p>
    </Part>
  )
}

function ArithmeticPart({ why, number }: { why: Why; number: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Part number={number} title={t('why.arithmetic')}>
      <dl className={styles.lines}>
        {why.arithmetic.map((line, index) => (
          <div key={index} className={line.kind === 'total' ? styles.total : line.kind === 'note' ? styles.note : undefined}>
            <dt>{format.period(line.label)}{line.expression && <span>{groupNumbers(line.expression)}</span>}</dt>
            {line.value != null && <dd><WhyLink url={line.why} nested>{format.value(line.value, line.unit, null, false)}</WhyLink></dd>}
          </div>
        ))}
      </dl>
    </Part>
  )
}

function FactsPart({ why, openRecord }: { why: Why; openRecord: (record: RecordRef) => void }) {
  const { t } = useTranslation()
  const { money } = useFormat()
  const number = (why.rule ? 1 : 0) + (why.arithmetic.length > 0 ? 1 : 0) + 1
  return (
    <Part number={number} title={t(why.facts_are === 'facts' ? 'why.facts' : why.facts_are === 'lines' ? 'pay.lines' : 'pay.cumulated')} aside={why.facts.length > 0 && why.facts_total > why.facts.length ? t('why.facts_shown', { shown: why.facts.length, total: why.facts_total }) : undefined}>
      {why.facts_total === 0 && <p className={styles.source}>{t(why.facts_are === 'facts' ? 'why.no_facts' : 'pay.empty')}</p>}
      <ul className={styles.facts}>
        {why.facts.map((fact) => {
          const inside = (
            <>
              <time dateTime={fact.date}>{formatDay(fact.date)}</time>
              <span className={styles.factText}>{fact.kind_name}{fact.label && <small>{fact.label}</small>}{fact.note && <small>{fact.note}</small>}</span>
              <span className={styles.amount}>{isZero(fact.amount.amount) ? '' : money(fact.amount.amount, fact.amount.currency, false)}</span>
            </>
          )
          const record = fact.record
          return <li key={fact.id}>{record ? <button type="button" onClick={() => openRecord(record)}>{inside}</button> : <div>{inside}</div>}</li>
        })}
      </ul>
      {why.facts_href && why.facts_total > why.facts.length && <FactsMore key={why.facts_href} href={why.facts_href} openRecord={openRecord} open={why.facts.length === 0} basis={why.facts_are === 'basis'} />}
    </Part>
  )
}

function RecordsPart({ why, openRecord }: { why: Why; openRecord: (record: RecordRef) => void }) {
  const { t } = useTranslation()
  const number = (why.rule ? 1 : 0) + (why.arithmetic.length > 0 ? 1 : 0) + (why.facts_total > 0 || why.facts_href ? 1 : 0) + 1
  return (
    <Part number={number} title={t('why.records')}>
      <ul className={styles.records}>
        {why.records.map((record) => (
          <li key={`${record.type}/${record.id}`}>
            <button type="button" onClick={() => openRecord(record)}>
              <FileText size={14} aria-hidden /><span className={styles.type}>{record.type_name}</span><span className={styles.name}>{record.name}</span><ArrowUpRight size={14} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </Part>
  )
}

function Foot({ why }: { why: Why }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const format = useFormat()
  const toast = useToast()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(explanationText(why, format, t))
      toast({ title: t('why.copied') })
    } catch {
      toast({ title: t('why.copy_failed'), tone: 'behind' })
    }
  }
  return (
    <footer className={styles.foot}>
      <Button icon={<Copy size={14} />} onClick={() => void copy()}>{t('why.copy')}</Button>
      <span>{t('why.calculated', { time: formatMoment(why.calculated_at, company.timezone) })}</span>
    </footer>
  )
}
