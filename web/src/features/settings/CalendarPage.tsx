import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { send } from '@/api/client'
import { organisation, type CalendarDay } from '@/api/organisation'
import { useCan, useMe } from '@/api/queries'
import { SheetForm, type SmallValues } from '@/components/form/SheetForm'
import { formatDate, monthName, useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { BoneRows, ErrorState } from '@/components/ui/States'
import { useFilters } from '@/components/ui/paramsState'
import { daysOf, isWorking, monthsOf, moved, restDays, type Day } from './calendar'
import { useAttempt, useSaved } from './useSaved'
import page from './Page.module.css'
import styles from './Calendar.module.css'

/** The working days of a year; a click makes a holiday or a working weekend. */
export function CalendarPage() {
  const { t } = useTranslation()
  const me = useMe()
  const may = useCan('manage_company')
  const [params, set] = useFilters()
  const asked = Number(params.get('year'))
  const thisYear = Number(me.company.today.slice(0, 4))
  const year = asked >= 1970 && asked <= 2100 ? asked : thisYear
  const company = useQuery(organisation.company())
  const { data, error, refetch } = useQuery(organisation.days(year))
  const [open, setOpen] = useState<Day | null>(null)
  const go = (to: number) => set({ year: to === thisYear ? null : String(to) })
  const rest = useMemo(() => restDays(company.data?.data.weekend ?? 'sat,sun'), [company.data])
  return (
    <div className={styles.page}>
      <SettingsHeader title={t('organisation.calendar')}>
        <span className={styles.year}>
          <Button icon={<ChevronLeft size={16} aria-hidden />} aria-label={t('organisation.year_before')} onClick={() => go(year - 1)} disabled={year <= 1970} />
          <strong>{t('organisation.year', { year })}</strong>
          <Button icon={<ChevronRight size={16} aria-hidden />} aria-label={t('organisation.year_after')} onClick={() => go(year + 1)} disabled={year >= 2100} />
        </span>
      </SettingsHeader>
      <p className={page.help}>{t('organisation.calendar_help')}</p>
      <ul className={styles.legend}><li data-kind="holiday">{t('organisation.day.holiday')}</li><li data-kind="working">{t('organisation.day.working')}</li><li data-kind="rest">{t('organisation.day.rest')}</li></ul>
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : !data || !company.data ? <BoneRows rows={10} /> : <Year year={year} exceptions={data} rest={rest} today={me.company.today} open={may ? setOpen : undefined} />}
      {open && <DaySheet day={open} close={() => setOpen(null)} />}
    </div>
  )
}

function Year({ year, exceptions, rest, today, open }: { year: number; exceptions: CalendarDay[]; rest: ReadonlySet<number>; today: string; open?: (day: Day) => void }) {
  const { t } = useTranslation()
  const { locale } = useFormat()
  const grid = useRef<HTMLDivElement>(null)
  const days = useMemo(() => daysOf(year, exceptions, rest), [year, exceptions, rest])
  const first = today.startsWith(String(year)) ? today : `${year}-01-01`
  const [focused, setFocused] = useState(first)
  const current = focused.startsWith(`${year}-`) ? focused : first
  const onKeyDown = (event: KeyboardEvent) => {
    const next = moved(current, event.key)
    if (!next?.startsWith(`${year}-`)) return
    event.preventDefault()
    setFocused(next)
    grid.current?.querySelector<HTMLButtonElement>(`[data-date="${next}"]`)?.focus()
  }
  const initials = t('organisation.weekdays').split(',')
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- the arrow keys go from day to day; the days are buttons
    <div ref={grid} className={styles.months} onKeyDown={onKeyDown}>
      {monthsOf(days).map((month, index) => (
        <section key={index} aria-label={monthName(index + 1, locale)}>
          <h2>{monthName(index + 1, locale)}<small>{t('organisation.working_days', { count: month.filter(isWorking).length })}</small></h2>
          <div className={styles.grid}>
            {initials.map((name) => <span key={name} className={styles.weekday} aria-hidden="true">{name}</span>)}
            {month.map((day, at) => (
              <button
                key={day.date} type="button" data-date={day.date} data-kind={day.kind} data-today={day.date === today} disabled={!open} tabIndex={day.date === current ? 0 : -1} style={at === 0 ? { gridColumnStart: day.weekday } : undefined}
                aria-label={`${Number(day.date.slice(8))} ${formatDate(day.date)} ${t(`organisation.day.${day.kind}`)} ${day.name ?? ''}`.trim()} title={day.name ?? undefined} onFocus={() => setFocused(day.date)} onClick={() => open?.(day)}
              >{Number(day.date.slice(8))}</button>
            ))}
          </div>
        </section>
      ))}
    </div>
  )
}

/** What a day is, and why; as its weekday says where nothing is chosen. */
function DaySheet({ day, close }: { day: Day; close: () => void }) {
  const { t } = useTranslation()
  const saved = useSaved()
  const attempt = useAttempt()
  const put = (kind: string | null, name: string | null) => (kind ? send('PUT', `/calendar-days/${day.date}`, { body: { kind, name } }) : send('DELETE', `/calendar-days/${day.date}`))
  const before = day.exception
  const save = async ({ kind, name }: SmallValues) => {
    await put(kind || null, name?.trim() || null)
    const undo = () => attempt(async () => { await put(before?.kind ?? null, before?.name ?? null); saved({ title: t('organisation.saved') }) })
    saved({ title: t('organisation.day_saved', { day: formatDate(day.date) }), action: { label: t('organisation.undo'), run: undo } })
    close()
  }
  const options = [{ value: 'holiday', label: t('organisation.day.holiday') }, { value: 'working', label: t('organisation.day.working') }]
  return (
    <SheetForm
      title={formatDate(day.date)} close={close} saveLabel={t('organisation.save')} save={save} initial={{ kind: before?.kind ?? '', name: before?.name ?? '' }}
      fields={[
        { key: 'kind', label: t('organisation.day.label'), kind: 'choice', options, help: t('organisation.day.help') },
        { key: 'name', label: t('organisation.day.reason'), kind: 'text', help: t('organisation.day.reason_help') },
      ]}
    />
  )
}
