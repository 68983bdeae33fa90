import { useEffect, useEffectEvent, useState } from 'react'
import { ListFilter, Search, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { seesTeams, useMe } from '@/api/queries'
import { Button } from '@/components/ui/Button'
import { Pop } from '@/components/ui/Pop'
import { usePhone } from '@/components/ui/useMediaQuery'
import { activeFilters, cleared, isRange } from './address'
import { FilterField, type FieldProps } from './FilterFields'
import type { Filter } from './model'
import { Sheet } from './Sheet'
import styles from './Filters.module.css'

export interface FilterProps extends Omit<FieldProps, 'filter' | 'wide'> { filters: readonly Filter[]; archives: boolean }

/** What the role can narrow by: who sees only own rows has no owners to choose from. */
export function useOfferedFilters(filters: readonly Filter[]): readonly Filter[] {
  const wide = seesTeams(useMe())
  return wide ? filters : filters.filter(({ type }) => type !== 'owner' && type !== 'team')
}

/** The filters of a list: the first ones in the bar, all of them behind one button. */
export function FilterBar({ filters, archives, ...field }: FilterProps) {
  const { t } = useTranslation()
  const phone = usePhone()
  const [open, setOpen] = useState(false)
  const { params, set } = field
  const offered = useOfferedFilters(filters)
  const text = offered.find(({ type }) => type === 'text')
  const inBar = phone ? [] : offered.filter(({ inline }) => inline)
  const behind = offered.filter((filter) => filter.type !== 'text' && filter.type !== 'record' && !inBar.includes(filter))
  const archived = archives && params.get('archived') === 'true'
  const count = activeFilters(behind, params).length + (archived ? 1 : 0)
  const active = activeFilters(offered, params)
  const records = active.filter(({ type }) => type === 'record')
  const label = t('list.filters')
  const trigger = (props: object) => <Button {...props} icon={<ListFilter size={14} aria-hidden />}>{label}{count > 0 && <b className={styles.count}>{count}</b>}</Button>
  const panel = <Panel filters={behind} archives={archives} archived={archived} {...field} />
  const clear = () => set({ ...cleared(offered), ...Object.fromEntries(filters.filter(({ type }) => type === 'record').map(({ param }) => [param, null])) })
  return (
    <>
      {text && <TextFilter param={text.param} value={params.get(text.param) ?? ''} set={set} />}
      {inBar.map((filter) => <FilterField key={filter.param} filter={filter} {...field} />)}
      {(behind.length > 0 || archives) && (phone ? trigger({ 'aria-expanded': open, onClick: () => setOpen(true) }) : <Pop opener={trigger} className={styles.popover}>{() => panel}</Pop>)}
      {phone && open && <Sheet title={label} close={() => setOpen(false)} foot={<><Button onClick={clear}>{t('list.clear')}</Button><Button type="primary" onClick={() => setOpen(false)}>{t('list.show')}</Button></>}>{panel}</Sheet>}
      {records.map(({ param }) => (
        <button key={param} type="button" className={styles.chip} onClick={() => set({ [param]: null })} title={t('list.remove_filter')}>{t(`list.filter.${param}`)} <b>{field.names.get(params.get(param) ?? '') ?? ''}</b><X size={12} aria-hidden /></button>
      ))}
      {!phone && (active.length > 0 || archived) && <Button type="link" size="small" className={styles.clear} onClick={clear}>{t('list.clear')}</Button>}
    </>
  )
}

function Panel({ filters, archives, archived, ...field }: Omit<FilterProps, 'filters'> & { filters: readonly Filter[]; archived: boolean }) {
  const { t } = useTranslation()
  return (
    <div className={styles.panel}>
      {filters.map((filter) => (
        <div key={filter.param} className={isRange(filter) ? styles.wide : ''}><span className={styles.label} aria-hidden>{t(`list.filter.${filter.param}`)}</span><FilterField filter={filter} {...field} wide /></div>
      ))}
      {archives && <label className={styles.check}><input type="checkbox" checked={archived} onChange={(event) => field.set({ archived: event.target.checked ? 'true' : null })} />{t('list.archived')}</label>}
    </div>
  )
}

const TYPING_MS = 200

/** Part of a name; asked for when the typing rests. `/` comes here. */
function TextFilter({ param, value, set }: { param: string; value: string; set: FieldProps['set'] }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(value)
  const [seen, setSeen] = useState(value)
  const [sent, setSent] = useState(value)
  // The address changed by another way than by typing here: back, a link, "clear".
  if (value !== seen) { setSeen(value); if (value !== sent) { setSent(value); setTyped(value) } }
  const send = useEffectEvent((next: string) => { setSent(next); set({ [param]: next || null }) })
  useEffect(() => {
    const next = typed.trim()
    if (next === value) return
    const timer = setTimeout(() => send(next), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed, value])
  return (
    <span className={`${styles.box} ${styles.text}`} data-box>
      <Search size={14} aria-hidden />
      <input
        id="list-text" value={typed} maxLength={200} placeholder={t('list.text')} aria-label={t('list.text')} aria-keyshortcuts="/" autoComplete="off" spellCheck={false} onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => { if (event.key === 'Escape') { if (typed) setTyped(''); else event.currentTarget.blur(); event.stopPropagation() } }}
      />
      <kbd aria-hidden>/</kbd>
    </span>
  )
}
