import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { ApiError, requestKey } from '@/api/client'
import { readRecord, type RecordData } from '@/api/records'
import { useMe } from '@/api/queries'
import { conflictOf, isDecided, resolve, type Choice, type Conflict } from './conflict'
import { clearDraft, draftKey, readDraft, writeDraft } from './draft'
import { check, placeErrors, type Problems } from './errors'
import { shownFields, type Field, type FormSpec, type Value, type Values } from './fields'
import { changedFields, fromView, toBody } from './values'

export interface Saving { body: Record<string, unknown>; values: Values; etag: string | null; key: string }
interface Start { spec: FormSpec; record: string; initial: Values; etag: string | null; save: (saving: Saving) => Promise<RecordData>; editing: string | null; onSaved: (data: RecordData) => void; overrides?: Values; /** Fields that are to be filled in first. */ at?: readonly string[] }

/** What went wrong with the last try to save, other than at a field. */
export type Trouble = { kind: 'error'; error: unknown } | { kind: 'fields'; rest: string[]; count: number } | { kind: 'gone' } | null

/** The state of a form: what was typed, what it was typed over, and all that can come of saving it. */
export function useRecordForm({ spec, record, initial, etag: firstEtag, save, editing, onSaved, overrides, at = [] }: Start) {
  const me = useMe()
  const zone = me.company.timezone
  const store = draftKey(me.user_id, spec.kind, record)
  const [found] = useState(() => readDraft(store, new Date()))
  const [restored, setRestored] = useState(found?.at ?? null)
  const [values, setValues] = useState<Values>(found?.values ?? { ...initial, ...overrides })
  const [base, setBase] = useState<Values>(found?.base ?? initial)
  const [etag, setEtag] = useState(found ? found.etag : firstEtag)
  const [key, setKey] = useState(() => found?.key ?? requestKey())
  const [problems, setProblems] = useState<Problems>(() => Object.fromEntries(spec.fields.filter((field) => at.includes(field.key)).map((field) => [field.key, 'form.problem.stage_needs'])))
  const [trouble, setTrouble] = useState<Trouble>(null)
  const [conflict, setConflict] = useState<Conflict | null>(null)
  const [busy, setBusy] = useState(false)
  const [tries, setTries] = useState(at.length > 0 ? 1 : 0)
  const running = useRef(false)
  const done = useRef(false)
  const { fields } = spec
  const changed = useMemo(() => changedFields(fields, base, values, zone), [fields, base, values, zone])
  const dirty = changed.length > 0

  useEffect(() => {
    if (done.current) return
    if (dirty) writeDraft(store, { values, base, etag, key, at: new Date().toISOString() })
    else clearDraft(store)
  }, [store, dirty, values, base, etag, key])

  const set = useCallback((name: string, value: Value) => {
    setValues((before) => {
      const next = { ...before, [name]: value }
      return spec.follow ? spec.follow(next, name) : next
    })
    // A problem that is being mended is no longer said.
    setProblems((before) => Object.fromEntries(Object.entries(before).filter(([place]) => place !== name && !place.startsWith(`${name}/`))))
  }, [spec])

  const discard = () => {
    clearDraft(store)
    setValues({ ...initial, ...overrides })
    setBase(initial)
    setEtag(firstEtag)
    setKey(requestKey())
    setRestored(null)
    setConflict(null)
    setProblems({})
    setTrouble(null)
  }

  const choose = (name: string, choice: Choice) => setConflict((before) => before && { ...before, choices: { ...before.choices, [name]: choice } })

  const refuse = (problemsFound: Problems, rest: string[]) => {
    setProblems(problemsFound)
    setTrouble({ kind: 'fields', rest, count: Object.keys(problemsFound).length })
    setTries((count) => count + 1)
  }

  const onFailure = async (error: unknown, mine: Values, over: Values) => {
    if (!(error instanceof ApiError)) { setTrouble({ kind: 'error', error }); return }
    if (error.errors.length > 0) {
      const { at, rest } = placeErrors(error.errors, shownFields(fields, mine))
      refuse(at, rest)
    } else if (error.status === 412 && editing) {
      try {
        const now = await readRecord(spec.kind, editing)
        if (now.data.archived) { setTrouble({ kind: 'gone' }); return }
        setConflict(conflictOf(fields, over, mine, fromView(fields, now.data, zone), now.etag ?? '', zone))
        setTrouble(null)
      } catch (again) {
        setTrouble(again instanceof ApiError && again.status === 404 ? { kind: 'gone' } : { kind: 'error', error: again })
      }
    } else if (error.status === 404 || error.code === 'archived') setTrouble({ kind: 'gone' })
    else {
      // The first try went through, though its answer was lost: the next one is another record, and one is told.
      if (error.code === 'idempotency_key_reused') setKey(requestKey())
      setTrouble({ kind: 'error', error })
    }
  }

  const submit = async () => {
    if (running.current || (conflict && !isDecided(conflict))) return
    const mine = conflict ? resolve(conflict, values) : values
    const over = conflict ? conflict.theirs : base
    const tag = conflict ? conflict.etag : etag
    if (conflict) { setValues(mine); setBase(over); setEtag(tag); setConflict(null) }
    const wrong = check(fields, mine)
    if (Object.keys(wrong).length > 0) { refuse(wrong, []); return }
    running.current = true
    setBusy(true)
    setTrouble(null)
    setProblems({})
    try {
      const data = await save({ body: bodyOf(fields, over, mine, zone, editing !== null), values: mine, etag: tag, key })
      done.current = true
      clearDraft(store)
      onSaved(data)
    } catch (error) {
      await onFailure(error, mine, over)
      setBusy(false)
    } finally {
      running.current = false
    }
  }

  return {
    values, base, set, problems, trouble, conflict, choose, busy, dirty, changed, restored, tries,
    undecided: conflict !== null && !isDecided(conflict), submit, discard, forget: () => { done.current = true; clearDraft(store) },
    /** The draft stays; it is only no longer announced. */
    keepRestored: () => setRestored(null),
  }
}

function bodyOf(fields: readonly Field[], base: Values, values: Values, zone: string, editing: boolean): Record<string, unknown> {
  const shown = shownFields(fields, values)
  return editing ? toBody(changedFields(shown, base, values, zone), values, zone, true) : toBody(shown, values, zone, false)
}

export type RecordFormState = ReturnType<typeof useRecordForm>
