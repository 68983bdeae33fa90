import { useMemo, type ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import { queries, useMe } from '@/api/queries'
import { changeRecord, createRecord, readRecord, type RecordData } from '@/api/records'
import type { RecordDetail } from '@/api/types'
import { BoneRows, ErrorState } from '@/components/ui/States'
import { KnownNames } from './context'
import { draftKey, readDraft } from './draft'
import { textOf, type FormSpec, type Values } from './fields'
import { Gone } from './Gone'
import { RecordForm } from './RecordForm'
import { changedFields, fromView } from './values'
import styles from './Form.module.css'

export interface KindFormProps { id: string | null; defaults: Record<string, string>; saved: (data: RecordData, isNew: boolean) => void; close: () => void; extra?: ReactNode }

/** The form of a kind: for a new record, or for one that is there. */
export function SpecForm({ spec, ...props }: KindFormProps & { spec: FormSpec }) {
  return props.id === null ? <NewForm spec={spec} {...props} /> : <EditForm key={props.id} spec={spec} {...props} id={props.id} />
}

/** `activity_kind` in the address is the field `kind`: `kind` alone would say nothing there. */
const begins = (spec: FormSpec, defaults: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(defaults)
  .map(([name, value]) => [name === 'activity_kind' ? 'kind' : name, value] as const)
  .filter(([name]) => spec.fields.some((field) => field.key === name)))

function NewForm({ spec, defaults, saved, close, extra }: KindFormProps & { spec: FormSpec }) {
  const { t } = useTranslation()
  const me = useMe()
  const begun = begins(spec, defaults)
  const from = Object.entries(begun).filter(([name]) => name.endsWith('_id') && name !== 'stage_id').map(([, value]) => value).sort().join('+')
  return (
    <RecordForm
      key={`new ${from}`} spec={spec} record={`new${from ? `:${from}` : ''}`} initial={{ ...spec.defaults?.(me), ...begun }} editing={null}
      title={t(`form.new.${spec.kind}`)} submitLabel={t(`form.save.${spec.kind}`)} close={close} extra={extra}
      save={async ({ body, key }) => (await createRecord(spec.kind, spec.complete?.(body) ?? body, key)).data} onSaved={(data) => saved(data, true)}
    />
  )
}

function EditForm({ spec, id, defaults, saved, close, extra }: KindFormProps & { spec: FormSpec; id: string }) {
  const { t } = useTranslation()
  const me = useMe()
  const zone = me.company.timezone
  // Read once: what comes while one types must not replace what one types over.
  const { data, error, refetch } = useQuery({ queryKey: ['form', spec.kind, id], queryFn: ({ signal }) => readRecord(spec.kind, id, signal), gcTime: 0, staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false })
  const { data: record, isPending } = useQuery(queries.record(spec.kind, id))
  const names = useMemo(() => (data && record ? namesOf(data.data, record) : {}), [data, record])
  if (error instanceof ApiError && error.status === 404) {
    const draft = readDraft(draftKey(me.user_id, spec.kind, id), new Date())
    return <Gone fields={draft ? changedFields(spec.fields, draft.base, draft.values, zone) : []} values={draft?.values ?? {}} title={t(`form.edit.${spec.kind}`)} close={close} />
  }
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data || isPending) return <div className={styles.loading}><BoneRows rows={9} height={52} /></div>
  return (
    <KnownNames value={names}>
      <RecordForm
        spec={spec} record={id} initial={fromView(spec.fields, data.data, zone)} overrides={begins(spec, defaults)} etag={data.etag} editing={id}
        title={t(`form.edit.${spec.kind}`)} submitLabel={t('form.save.changes')} close={close} extra={extra}
        save={async ({ body, etag }) => (await changeRecord(spec.kind, id, body, etag)).data} onSaved={(saved_) => saved(saved_, false)}
      />
    </KnownNames>
  )
}

/** The names that came with a record: its people and the records that its fields lead to. */
function namesOf(data: RecordData, record: RecordDetail): Record<string, string> {
  const names: Record<string, string> = {}
  for (const { person } of record.splits) names[person.id] = person.name
  for (const other of record.related) names[other.id] = other.name
  for (const field of record.fields) if (field.record && field.value && field.record.type !== 'payment') names[field.record.id] = field.value
  const owner = record.fields.find(({ key }) => key === 'owner')
  if (owner?.value) names[textOf(data as Values, 'owner_id')] = owner.value
  const product = record.fields.find(({ key }) => key === 'product')
  if (product?.value) names[textOf(data as Values, 'product_id')] = product.value
  return names
}
