import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ArchiveRestore, ChevronDown, Ellipsis, PencilLine } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import type { Versioned } from '@/api/client'
import { useMe } from '@/api/queries'
import { changeRecord, recordQueries, type RecordData } from '@/api/records'
import type { RecordDetail } from '@/api/types'
import { toConvert, toEdit, toNew } from '@/components/form/address'
import { isFormKind } from '@/components/form/fields'
import { Button } from '@/components/ui/Button'
import { Menu } from '@/components/ui/Menu'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { usePhone } from '@/components/ui/useMediaQuery'
import { activityOf, hasForm, mayArchive, mayEdit, takesActivities } from './kinds'
import { useArchive } from './useArchive'
import styles from './RecordActions.module.css'

interface Props { record: RecordDetail; view: Versioned<RecordData> | undefined }

/** What one can do with a record; the first is what one most likely came for. */
export function Actions({ record, view }: Props) {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const { search } = useLocation()
  const { archive, restore } = useArchive(record.type, record.id)
  const { type, id } = record
  const archived = view?.data.archived === true
  const can = mayEdit(me, type)
  const go = (to: string) => void navigate({ search: to }, { preventScrollReset: true })
  if (archived) {
    return (
      <div className={styles.archived} role="status">
        <span>{t('record.archived_note')}</span>
        {mayArchive(me, type) && <Button icon={<ArchiveRestore size={14} aria-hidden />} onClick={() => void restore()}>{t('record.action.restore')}</Button>}
      </div>
    )
  }
  const account = record.fields.find(({ key }) => key === 'account')?.record?.id
  const canLog = takesActivities(type) && mayEdit(me, 'activity')
  const edits = can && hasForm(type) && isFormKind(type)
  const converts = type === 'lead' && can && record.fields.length > 0 && view?.data.status !== 'converted'
  const pays = type === 'contract' && mayEdit(me, 'payment')
  const delivers = type === 'sales_order' && mayEdit(me, 'delivery') && view?.data.status === 'open'
  const more = [
    ...(type === 'account' && can ? [
      { key: 'contact', label: t('record.action.contact'), onClick: () => go(toNew(search, 'contact', { account_id: id })) },
      { key: 'opportunity', label: t('record.action.opportunity'), onClick: () => go(toNew(search, 'opportunity', { account_id: id })) },
    ] : []),
    ...((type === 'opportunity' || type === 'account') && mayEdit(me, 'contract') ? [
      { key: 'contract', label: t('record.action.contract'), onClick: () => go(toNew(search, 'contract', type === 'account' ? { account_id: id } : { opportunity_id: id, account_id: account })) },
    ] : []),
    ...(type === 'contract' && mayEdit(me, 'invoice') ? [{ key: 'invoice', label: t('record.action.invoice'), onClick: () => go(toNew(search, 'invoice', { contract_id: id })) }] : []),
    ...((type === 'contract' || type === 'account') && mayEdit(me, 'sales_order') ? [
      { key: 'order', label: t('record.action.order'), onClick: () => go(toNew(search, 'sales_order', type === 'account' ? { account_id: id } : { contract_id: id, account_id: account })) },
    ] : []),
    ...(mayArchive(me, type) ? [{ key: 'archive', label: t('record.action.archive'), danger: true, onClick: () => void archive(record.title) }] : []),
  ]
  if (!edits && !canLog && !pays && !delivers && more.length === 0) return null
  return (
    <div className={styles.actions}>
      {converts && <Button type="primary" onClick={() => go(toConvert(search, id))}>{t('record.action.convert')}</Button>}
      {type === 'opportunity' && can && <MoveStage id={id} view={view} />}
      {pays && <Button type="primary" onClick={() => go(toNew(search, 'payment', { contract_id: id }))}>{t('record.action.payment')}</Button>}
      {delivers && <Button type="primary" onClick={() => go(toNew(search, 'delivery', { order_id: id }))}>{t('record.action.delivery')}</Button>}
      {canLog && <Button type={converts ? 'default' : 'primary'} onClick={() => go(toNew(search, 'activity', activityOf(type, id, account)))}>{t('record.action.log')}</Button>}
      {edits && <Button icon={<PencilLine size={14} aria-hidden />} onClick={() => go(toEdit(search, type, id))}>{t('record.action.edit')}</Button>}
      {more.length > 0 && <Menu items={more} opener={(props) => <Button {...props} className={styles.more} icon={<Ellipsis size={16} aria-hidden />} aria-label={t('record.action.more')} />} />}
    </div>
  )
}

/** To another stage at once; to a won or a lost one by way of the form, where the day and the reason are told. */
function MoveStage({ id, view }: { id: string; view: Versioned<RecordData> | undefined }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const toast = useToast()
  const text = useErrorText()
  const navigate = useNavigate()
  const { search } = useLocation()
  const queryClient = useQueryClient()
  const { data: pipelines } = useQuery(recordQueries.pipelines())
  const stages = pipelines?.find((one) => one.id === view?.data.pipeline_id)?.stages ?? []
  const now = view?.data.stage_id
  const refresh = () => queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' && queryKey[0] !== 'form' })

  const put = async (stage: string, name: string, etag: string | null, undo?: () => void) => {
    try {
      const saved = await changeRecord('opportunity', id, { stage_id: stage }, etag)
      toast({ title: t('record.moved', { stage: name }), tone: 'ahead', ...(undo ? { action: { label: t('record.undo'), run: undo } } : {}) })
      await refresh()
      return saved.etag
    } catch (error) {
      toast({ title: text(error), tone: 'behind' })
      await refresh()
      return null
    }
  }
  const move = async (stage: typeof stages[number]) => {
    if (stage.kind !== 'open') {
      await navigate({ search: toEdit(search, 'opportunity', id, { stage_id: stage.id }) }, { preventScrollReset: true })
      return
    }
    const before = stages.find((one) => one.id === now)
    let after: string | null = null
    after = await put(stage.id, stage.name, view?.etag ?? null, before?.kind === 'open' ? () => void put(before.id, before.name, after) : undefined)
  }
  if (stages.length === 0) return null
  return (
    <Menu
      items={stages.filter((stage) => stage.id !== now).map((stage) => ({ key: stage.id, label: stage.name, onClick: () => void move(stage) }))}
      opener={(props) => <Button {...props} icon={phone ? undefined : <ChevronDown size={14} aria-hidden />} iconPlacement="end">{t('record.action.move')}</Button>}
    />
  )
}
