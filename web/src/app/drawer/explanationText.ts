import type { TFunction } from 'i18next'
import type { Why } from '@/api/types'
import { formatDate, type Formatter } from '@/components/format/format'

/** Title and subtitle, each part once. */
export const titleOf = (why: Why, format: Formatter) => [...new Set([why.title, ...why.subtitle.split(' · ')])].filter(Boolean).map(format.period).join(' · ')

/** The explanation as plain text, to paste into a message. */
export function explanationText(why: Why, format: Formatter, t: TFunction): string {
  const lines = [titleOf(why, format), format.value(why.figure.value, why.figure.unit, why.figure.currency)]
  if (why.rule) lines.push('', `${t('why.rule')}: ${why.rule.text}`, [why.rule.name, why.rule.version != null && t('version.nth', { version: why.rule.version })].filter(Boolean).join(' '))
  if (why.arithmetic.length > 0) {
    lines.push('', `${t('why.arithmetic')}:`)
    for (const line of why.arithmetic) {
      lines.push([format.period(line.label), line.expression, line.value == null ? null : `= ${format.value(line.value, line.unit, null, false)}`].filter(Boolean).join('  '))
    }
  }
  if (why.facts.length > 0) {
    lines.push('', `${t('why.facts')}:`)
    for (const fact of why.facts) {
      lines.push([formatDate(fact.date), fact.kind_name, fact.label, fact.note, fact.amount && format.money(fact.amount.amount, fact.amount.currency)].filter(Boolean).join('  '))
    }
  }
  return lines.join('\n')
}
