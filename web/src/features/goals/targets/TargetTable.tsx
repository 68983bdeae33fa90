import { useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import { isNegative, isZero } from '@/components/format/decimal'
import { formatNumber, formatRoundMoney, monthName, useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { useFilters } from '@/components/ui/paramsState'
import { beyond, changed, isSame, matrix, place, readBlock, sendChanges, sum, withCells, type Change, type Level, type Matrix, type MatrixQuery, type MatrixRow } from './targets'
import styles from './Targets.module.css'

interface Props { table: Matrix; query: MatrixQuery; level: Level; old: boolean }
type Place = { row: number; column: number }
/** What can be taken back: the cells as they were and as they are. */
interface Step { changes: Change[]; words: string }

/** The cells. Arrows and Enter go from one to the next, a block is pasted from the cell that has the cursor. */
export function TargetTable({ table, query, level, old }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const box = useRef<HTMLTableElement>(null)
  const { save, undo, steps, busy, wrong } = useChanges(table, query)
  // Shares, days and averages do not add up.
  const adds = table.unit === 'money' || table.unit === 'count'
  const show = (value: string | null) => (value === null ? '\u2014' : table.unit === 'money' ? formatRoundMoney(value, table.currency, format.locale) : formatNumber(value))
  const parts = table.rows.filter(({ is_whole }) => !is_whole)
  const whole = table.rows.find(({ is_whole }) => is_whole)
  const partSums = table.periods.map((_, column) => sum(parts.map(({ cells }) => cells[column]?.[level])))
  const wholes = table.periods.map((_, column) => whole?.cells[column]?.[level] ?? null)
  const differences = wholes.map((value, column) => beyond(value, partSums[column] ?? null))

  const focus = ({ row, column }: Place) => box.current?.querySelector<HTMLInputElement>(`[data-cell="${row} ${column}"]`)?.focus()
  const commit = ({ row, column }: Place, typed: string) => {
    const line = table.rows[row]
    const cell = line?.cells[column]
    const period = table.periods[column]
    if (!line || !cell || !period) return
    const after = changed(cell, level, typed)
    if (!after) { wrong.set({ row, column }, t('form.problem.number')); return }
    wrong.set({ row, column }, null)
    if (!isSame(cell, after)) void save([{ row, column, subject: line.subject, period, before: cell, after }], t('setup.targets.saved_cell', { name: line.name, month: format.period(period) }))
  }
  const paste = (at: Place, event: ClipboardEvent<HTMLInputElement>) => {
    const block = readBlock(event.clipboardData.getData('text/plain'))
    if (block.length === 1 && block[0]?.length === 1) return
    event.preventDefault()
    const placed = place(table, at, block, level)
    void save(placed.changes, t('setup.targets.saved', { count: placed.changes.length }), placed)
  }
  return (
    <>
      <div className={styles.state} role="status">
        <span>{busy ? t('setup.targets.saving') : steps.at(-1)?.words ?? (table.editable ? t('setup.targets.help') : t('setup.targets.read_only'))}</span>
        {steps.length > 0 && !busy && <Button type="link" size="small" onClick={() => void undo()}>{t('setup.undo')}</Button>}
      </div>
      <div className={styles.scroll} data-old={old}>
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Ctrl-Z for the cells inside */}
        <table className={styles.table} ref={box} aria-label={table.name} onKeyDown={(event) => { if ((event.ctrlKey || event.metaKey) && event.key === 'z' && steps.length > 0 && !(event.target instanceof HTMLInputElement && event.target.dataset.dirty === 'true')) { event.preventDefault(); void undo() } }}>
          <thead><tr><th scope="col">{t('setup.targets.who')}</th>{table.periods.map((period) => <th scope="col" key={period}>{monthName(Number(period.slice(5)), format.locale)}</th>)}{adds && <th scope="col" className={styles.total}>{t('setup.targets.year')}</th>}</tr></thead>
          <tbody>
            {table.rows.map((row, down) => (
              <tr key={row.subject} data-whole={row.is_whole}>
                <th scope="row"><Name row={row} /></th>
                {row.cells.map((cell, column) => (
                  <td key={table.periods[column]}>
                    <CellInput
                      key={`${level} ${cell.version ?? 0} ${cell[level] ?? ''}`} value={cell[level] ?? ''} shown={cell[level] == null ? '' : show(cell[level])} disabled={!table.editable || old} problem={wrong.at({ row: down, column })}
                      place={`${down} ${column}`} label={`${row.name} ${format.period(table.periods[column] ?? '')}`} commit={(typed) => commit({ row: down, column }, typed)}
                      paste={(event) => paste({ row: down, column }, event)} go={(by, across) => focus({ row: down + by, column: column + across })}
                    />
                  </td>
                ))}
                {adds && <td className={styles.total}>{show(sum(row.cells.map((cell) => cell[level])))}</td>}
              </tr>
            ))}
          </tbody>
          {adds && parts.length > 0 && (
            <tfoot>
              <tr><th scope="row">{t('setup.targets.parts')}</th>{partSums.map((value, column) => <td key={table.periods[column]}>{show(value)}</td>)}<td className={styles.total}>{show(sum(partSums))}</td></tr>
              <tr><th scope="row">{t('setup.targets.difference')}</th>{differences.map((value, column) => <td key={table.periods[column]}><Difference value={value} show={show} /></td>)}<td className={styles.total}><Difference value={beyond(sum(wholes), sum(partSums))} show={show} /></td></tr>
            </tfoot>
          )}
        </table>
      </div>
      {adds && parts.length > 0 && <p className={styles.note}>{t('setup.targets.difference_help', { name: whole?.name })}</p>}
    </>
  )
}

/** The team above has more than its parts together, or less: said by a mark, a word for readers, and the figure. */
function Difference({ value, show }: { value: string | null; show: (value: string | null) => string }) {
  const { t } = useTranslation()
  if (value === null || isZero(value)) return <span className={styles.even}>{value === null ? '\u2014' : '0'}</span>
  const less = isNegative(value)
  return <span className={less ? styles.less : styles.more} title={t(less ? 'setup.targets.over' : 'setup.targets.short')}><span aria-hidden="true">{less ? '▲' : '▼'}</span> {show(value.replace(/^-/, ''))}<span className="visually-hidden"> {t(less ? 'setup.targets.over' : 'setup.targets.short')}</span></span>
}

function Name({ row }: { row: MatrixRow }) {
  const { t } = useTranslation()
  const [, set] = useFilters()
  if (row.type !== 'team' || row.is_whole) return <span className={styles.name}>{row.name}{row.is_whole && <small>{t(`setup.targets.whole.${row.type}`)}</small>}</span>
  return <button type="button" className={styles.name} title={t('setup.targets.open', { name: row.name })} onClick={() => set({ team_id: row.id ?? null })}>{row.name}<small>{t('setup.targets.team')}</small></button>
}

interface CellProps { value: string; shown: string; disabled: boolean; problem: string | null; place: string; label: string; commit: (typed: string) => void; paste: (event: ClipboardEvent<HTMLInputElement>) => void; go: (down: number, across: number) => void }

/** A cell: grouped while it is looked at, plain while it is typed. Escape leaves it as it was. */
function CellInput({ value, shown, disabled, problem, place: at, label, commit, paste, go }: CellProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const [within, setWithin] = useState(false)
  const dirty = typed !== null && typed !== value
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const { selectionStart, selectionEnd, value: text } = event.currentTarget
    const all = selectionStart === 0 && selectionEnd === text.length
    const step = { Enter: [event.shiftKey ? -1 : 1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key]
    if (event.key === 'Escape') { event.stopPropagation(); setTyped(null) }
    else if (event.key === 'Delete' && all) setTyped('')
    else if (step) {
      // Within a text the arrows move its cursor.
      if (event.key === 'ArrowLeft' && !all && selectionStart !== 0) return
      if (event.key === 'ArrowRight' && !all && selectionEnd !== text.length) return
      go(step[0] ?? 0, step[1] ?? 0)
    } else return
    event.preventDefault()
  }
  return (
    <input
      className={styles.cell} data-cell={at} data-dirty={dirty} aria-label={label} aria-invalid={problem !== null || undefined} title={problem ?? undefined} inputMode="decimal" autoComplete="off" disabled={disabled} placeholder={'\u2014'}
      value={within || dirty ? typed ?? value : shown} onChange={(event) => setTyped(event.target.value)} onKeyDown={onKey} onPaste={paste}
      onFocus={(event) => { setWithin(true); selectLater(event.currentTarget, value) }} onBlur={() => { setWithin(false); if (dirty) commit(typed) }}
    />
  )
}

/**
 * Once the plain text stands in it. A cell that lost the cursor meanwhile is left alone, since to select its text would take
 * it back; so is one that was typed into, since the next key would replace what is selected.
 */
const selectLater = (input: HTMLInputElement, plain: string) => requestAnimationFrame(() => { if (document.activeElement === input && input.value === plain) input.select() })

/** Changes go one after the other, each with the version that was read; the last ones can be taken back. */
function useChanges(table: Matrix, query: MatrixQuery) {
  const { t } = useTranslation()
  const toast = useToast()
  const text = useErrorText()
  const queryClient = useQueryClient()
  const [steps, setSteps] = useState<Step[]>([])
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({})
  const line = useRef<Promise<unknown>>(Promise.resolve())
  const { queryKey } = matrix(query)
  const at = ({ row, column }: Place) => `${row} ${column}`
  const set = (where: Place, problem: string | null) => setProblems((before) => {
    const next = Object.fromEntries(Object.entries(before).filter(([key]) => key !== at(where)))
    return problem ? { ...next, [at(where)]: problem } : next
  })
  /** With the versions of now: a cell that was just written has a newer one than when the change was typed. */
  const fresh = (changes: readonly Change[]) => {
    const now = queryClient.getQueryData<Matrix>(queryKey) ?? table
    return changes.map((change) => ({ ...change, before: now.rows[change.row]?.cells[change.column] ?? change.before }))
  }
  const put = async (changes: readonly Change[]) => {
    setBusy(true)
    try {
      const known = fresh(changes)
      const cells = await sendChanges(query, known)
      // What was asked before the change was written is answered without it.
      await queryClient.cancelQueries({ queryKey })
      queryClient.setQueryData<Matrix>(queryKey, (before) => before && withCells(before, known.flatMap(({ row, column }, index) => { const cell = cells[index]; return cell ? [{ row, column, cell }] : [] })))
      for (const key of ['attainment', 'metric-values', 'estimate', 'why', 'plan-curves']) void queryClient.invalidateQueries({ queryKey: [key] })
      return true
    } catch (error) {
      if (error instanceof ApiError && error.errors.length > 0) {
        for (const { pointer, detail } of error.errors) { const change = changes[Number(pointer.split('/')[2])]; if (change) set(change, detail) }
        toast({ title: t('setup.targets.refused'), detail: error.errors[0]?.detail, tone: 'behind' })
      } else {
        toast({ title: t('setup.targets.refused'), detail: text(error), tone: 'behind' })
        await queryClient.invalidateQueries({ queryKey })
      }
      return false
    } finally {
      setBusy(false)
    }
  }
  const queue = (work: () => Promise<void>) => { line.current = line.current.then(work); return line.current }
  const save = (changes: Change[], words: string, placed?: { unread: number; outside: number }) => queue(async () => {
    const left = [placed?.unread ? t('setup.targets.unread', { count: placed.unread }) : '', placed?.outside ? t('setup.targets.outside', { count: placed.outside }) : ''].filter(Boolean)
    if (left.length > 0) toast({ title: t('setup.targets.left'), detail: left.join(' '), tone: 'behind' })
    if (changes.length > 0 && await put(changes)) setSteps((before) => [...before, { changes, words }].slice(-50))
  })
  const undo = () => queue(async () => {
    const last = steps.at(-1)
    if (last && await put(last.changes.map((change) => ({ ...change, after: change.before })))) setSteps((before) => before.slice(0, -1))
  })
  return { save, undo, steps, busy, wrong: { set, at: (where: Place) => problems[at(where)] ?? null } }
}
