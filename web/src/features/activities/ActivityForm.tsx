import { useMemo, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/api/queries'
import { attach } from '@/components/form/files'
import { FilePicker } from '@/components/form/FilePicker'
import { textOf, type FormSpec, type Values } from '@/components/form/fields'
import { SpecForm, type KindFormProps } from '@/components/form/SpecForm'
import { daysLater } from '@/components/form/moment'
import { useToast } from '@/components/ui/Toast'

const KINDS = ['visit', 'call', 'message', 'demo', 'meeting'].map((value) => ({ value, label: `list.word.activity.${value}` }))

export const FIELDS: FormSpec['fields'] = [
  { key: 'kind', kind: 'chips', label: 'field.activity_kind', required: true, options: KINDS },
  { key: 'outcome', kind: 'outcome', label: 'field.outcome', suggestions: 'form.outcomes' },
  { key: 'next_step', kind: 'text', label: 'field.next_step' },
  { key: 'next_step_on', kind: 'date', label: 'field.next_step_on', half: true },
  { key: 'subject', kind: 'text', label: 'field.subject', more: true },
  { key: 'account_id', kind: 'account', label: 'field.account', half: true, more: true },
  { key: 'opportunity_id', kind: 'opportunity', label: 'field.opportunity', half: true, more: true, filter: (values): Record<string, string> => (textOf(values, 'account_id') ? { account_id: textOf(values, 'account_id') } : {}) },
  { key: 'contact_id', kind: 'contact', label: 'field.contact', half: true, more: true, filter: (values): Record<string, string> => (textOf(values, 'account_id') ? { account_id: textOf(values, 'account_id') } : {}) },
  { key: 'happened_at', kind: 'moment', label: 'field.happened_at', half: true, more: true },
  { key: 'minutes', kind: 'integer', label: 'field.minutes', half: true, more: true },
  { key: 'place', kind: 'place', label: 'field.place' },
  { key: 'latitude', kind: 'text', label: 'field.place', carried: true },
  { key: 'longitude', kind: 'text', label: 'field.place', carried: true },
  { key: 'accuracy_m', kind: 'integer', label: 'field.place', carried: true },
  { key: 'lead_id', kind: 'text', label: 'field.lead', carried: true },
]

/** What is usually done after an outcome, and in how many days: `outcome>next step>days`. */
function proposals(text: string): Map<string, { step: string; days: number }> {
  return new Map(text.split('|').map((one) => {
    const [outcome = '', step = '', days = '0'] = one.split('>')
    return [outcome, { step, days: Number(days) }]
  }))
}

/** A visit or a call in four taps: what it was, what came of it, and with that what is next; save. */
export function ActivityForm(props: KindFormProps) {
  const { t } = useTranslation()
  const me = useMe()
  const outcomes = t('form.outcomes')
  const today = me.company.today
  const spec = useMemo((): FormSpec => {
    const known = proposals(outcomes)
    const steps = new Set([...known.values()].map(({ step }) => step))
    return {
      kind: 'activity', fields: FIELDS,
      complete: (body) => ({ ...body, subject: body.subject ?? t(`record.word.${String(body.kind)}`) }),
      follow: (values: Values, changed) => {
        const found = changed === 'outcome' ? known.get(textOf(values, 'outcome')) : undefined
        // What somebody wrote themselves is never replaced.
        const own = textOf(values, 'next_step') !== '' && !steps.has(textOf(values, 'next_step'))
        return found && !own ? { ...values, next_step: found.step, next_step_on: found.step ? daysLater(today, found.days) : '' } : values
      },
    }
  }, [outcomes, today, t])
  const toast = useToast()
  const queryClient = useQueryClient()
  const [files, setFiles] = useState<readonly File[]>([])
  const saved: KindFormProps['saved'] = (data, isNew) => {
    props.saved(data, isNew)
    if (files.length === 0) return
    // The record stands; its files follow while one goes on.
    void Promise.all(files.map((file) => attach('activity', data.id, file).catch(() => toast({ title: t('attachments.failed', { name: file.name }), tone: 'behind' }))))
      .then(() => queryClient.invalidateQueries({ queryKey: ['record'] }))
  }
  return <SpecForm spec={spec} {...props} saved={saved} extra={<FilePicker files={files} change={setFiles} />} />
}
