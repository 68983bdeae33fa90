import { useState } from 'react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { organisation, type AuditEntry } from '@/api/organisation'
import { useCan, useMe } from '@/api/queries'
import { Input } from '@/components/antd/controls'
import { formatMoment } from '@/components/format/format'
import { Sheet } from '@/components/list/Sheet'
import { ChoiceSelect } from '@/components/list/selects'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { useFilters } from '@/components/ui/paramsState'
import table from '@/components/ui/table.module.css'
import { usePhone } from '@/components/ui/useMediaQuery'
import { Growing } from './Growing'
import { SearchField } from './SearchField'
import page from './Page.module.css'
import styles from './Audit.module.css'

const TYPES = ['person', 'team', 'user', 'token', 'company', 'calendar_day', 'lead', 'account', 'contact', 'opportunity', 'activity', 'contract', 'payment', 'invoice', 'sales_order', 'delivery', 'target', 'metric', 'plan', 'product', 'comment'] as const
const ACTIONS = ['created', 'updated', 'archived', 'restored', 'moved', 'membership_changed', 'membership_removed', 'deactivated', 'reactivated', 'published', 'signed_in', 'sign_in_failed', 'signed_out', 'signed_out_everywhere', 'password_changed', 'password_reset', 'revoked', 'imported', 'exported'] as const
/** Records that have a page. */
const PAGES: readonly string[] = ['lead', 'account', 'contact', 'opportunity', 'activity', 'contract', 'payment', 'invoice', 'sales_order', 'delivery']

/** Who wrote what, when: the newest first. */
export function AuditPage() {
  const { t } = useTranslation()
  const [params, set] = useFilters()
  const [open, setOpen] = useState<AuditEntry | null>(null)
  const mayExport = useCan('export')
  const filter = Object.fromEntries(['record_type', 'record_id', 'action', 'actor_id', 'from', 'to', 'text'].map((name) => [name, params.get(name)]))
  const result = useInfiniteQuery(organisation.audit(filter))
  const names = useWords()
  const day = (name: 'from' | 'to') => <Input type="date" aria-label={t(`organisation.audit.${name}`)} title={t(`organisation.audit.${name}`)} className={styles.day} value={params.get(name) ?? ''} onChange={(event) => set({ [name]: event.target.value || null })} />
  return (
    <div className={page.page}>
      <SettingsHeader title={t('organisation.audit.title')}>{mayExport && <a className={styles.export} href="/api/v1/exports/audit" download>{t('organisation.audit.export')}</a>}</SettingsHeader>
      <div className={page.tools}>
        <SearchField label={t('organisation.audit.find')} value={params.get('text') ?? ''} change={(value) => set({ text: value })} />
        <ChoiceSelect label={t('organisation.audit.type')} value={params.get('record_type') ?? undefined} choose={(value) => set({ record_type: value ?? null })} options={TYPES.map((value) => ({ value, label: names.type(value) }))} search wide={false} />
        <ChoiceSelect label={t('organisation.audit.action')} value={params.get('action') ?? undefined} choose={(value) => set({ action: value ?? null })} options={ACTIONS.map((value) => ({ value, label: names.action(value) }))} search wide={false} />
        <span className={styles.days}>{day('from')}<span aria-hidden="true">–</span>{day('to')}</span>
      </div>
      {(params.get('actor_id') ?? params.get('record_id')) && <div className={styles.only}>{t(params.get('actor_id') ? 'organisation.audit.only_actor' : 'organisation.audit.only_record')} <button type="button" onClick={() => set({ actor_id: null, record_id: null })}>{t('organisation.audit.all')}</button></div>}
      <Growing result={result} none={{ title: t('organisation.audit.none'), help: t('organisation.audit.none_help') }}>{(rows) => <Entries rows={rows} open={setOpen} />}</Growing>
      {open && <EntrySheet entry={open} close={() => setOpen(null)} only={(changes) => { setOpen(null); set(changes) }} />}
    </div>
  )
}

/** What the words of the log are called; one that this build does not know stands as it is. */
function useWords() {
  const { t, i18n } = useTranslation()
  const word = (set: string) => (name: string) => (i18n.exists(`organisation.audit.${set}.${name}`) ? t(`organisation.audit.${set}.${name}`) : name)
  const actor = (entry: AuditEntry) => (entry.actor_kind === 'operator' ? t('organisation.audit.operator') : entry.actor_name)
  return { type: word('types'), action: word('actions'), actor }
}

/** A name in both languages is kept as one text. */
function inOneLanguage(name: string, english: boolean): string {
  if (!name.startsWith('{')) return name
  try {
    const { zh, en } = JSON.parse(name) as { zh?: string; en?: string }
    return (english ? en ?? zh : zh ?? en) ?? name
  } catch {
    return name
  }
}

/** By what a record is called in the entry itself. */
function useTitle() {
  const { i18n } = useTranslation()
  return ({ after, before }: AuditEntry): string => {
    const fields = after ?? before ?? {}
    return inOneLanguage(fields.name ?? fields.number ?? fields.email ?? fields.subject ?? fields.date ?? fields.title ?? '', i18n.language === 'en')
  }
}

function Entries({ rows, open }: { rows: AuditEntry[]; open: (entry: AuditEntry) => void }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const { company } = useMe()
  const names = useWords()
  const titleOf = useTitle()
  return (
    <div className={table.scroll}>
      <table className={table.table}>
        <thead><tr><th scope="col">{t('organisation.audit.at')}</th><th scope="col">{t('organisation.audit.who')}</th><th scope="col">{t('organisation.audit.what')}</th>{!phone && <th scope="col">{t('organisation.audit.fields')}</th>}</tr></thead>
        <tbody>
          {rows.map((entry) => (
            <tr key={entry.sequence}>
              <td className={table.date}>{formatMoment(entry.at, company.timezone)}</td>
              <td className={table.second}>{names.actor(entry)}</td>
              <td><button type="button" className={page.plain} onClick={() => open(entry)}>{names.action(entry.action)} · {names.type(entry.record_type)}{phone && <span className={page.sub}>{titleOf(entry)}</span>}</button>{!phone && <span className={styles.title}>{titleOf(entry)}</span>}</td>
              {!phone && <td className={styles.changed}>{entry.fields.slice(0, 4).map(({ label }) => label).join(t('list_separator'))}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Before and after, field by field. */
function EntrySheet({ entry, close, only }: { entry: AuditEntry; close: () => void; only: (changes: Record<string, string | null>) => void }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const names = useWords()
  const titleOf = useTitle()
  const { record_id: id, record_type: type, actor_id: actor } = entry
  return (
    <Sheet title={`${names.action(entry.action)} · ${names.type(type)}`} close={close} side>
      <p className={page.help}>{names.actor(entry)} · {formatMoment(entry.at, company.timezone)}{titleOf(entry) && <> · <b>{titleOf(entry)}</b></>}</p>
      <div className={page.links}>
        {id && PAGES.includes(type) && <Link to={`/records/${type}/${id}`}>{t('organisation.audit.open')}</Link>}
        {id && type === 'person' && <Link to={`/settings/members/${id}`}>{t('organisation.audit.open')}</Link>}
        {id && <button type="button" className={styles.link} onClick={() => only({ record_id: id, actor_id: null })}>{t('organisation.audit.of_record')}</button>}
        {actor && <button type="button" className={styles.link} onClick={() => only({ actor_id: actor, record_id: null })}>{t('organisation.audit.of_actor', { name: entry.actor_name })}</button>}
      </div>
      {entry.fields.length === 0 ? <p className={page.help}>{t('organisation.audit.no_fields')}</p> : (
        <table className={`${table.table} ${styles.diff}`}>
          <thead><tr><th scope="col">{t('organisation.audit.field')}</th><th scope="col">{t('organisation.audit.before')}</th><th scope="col">{t('organisation.audit.after')}</th></tr></thead>
          <tbody>{entry.fields.map(({ label, before, after }, index) => <tr key={index}><th scope="row">{label}</th><td className={styles.before}>{before ?? '\u2014'}</td><td>{after ?? '\u2014'}</td></tr>)}</tbody>
        </table>
      )}
      <p className={page.note}>{t('organisation.audit.sealed', { number: entry.sequence })}</p>
    </Sheet>
  )
}
