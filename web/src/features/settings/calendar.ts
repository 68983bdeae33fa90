/** A day that is not as its weekday says. */
interface Exception { date: string; kind: string; name?: string | null }

/** What a day is: worked, at rest by its weekday, or changed. */
export interface Day { date: string; /** Monday is 1. */ weekday: number; kind: 'plain' | 'rest' | 'holiday' | 'working'; name?: string | null; exception?: Exception }

const NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** The weekdays of rest as numbers, Monday is 1. */
export const restDays = (weekend: string): ReadonlySet<number> => new Set(weekend.split(',').map((name) => NAMES.indexOf(name.trim().slice(0, 3).toLowerCase()) + 1))

const DAY_MS = 86_400_000
const iso = (time: number) => new Date(time).toISOString().slice(0, 10)

/** Every day of a year. */
export function daysOf(year: number, exceptions: readonly Exception[], rest: ReadonlySet<number>): Day[] {
  const changed = new Map(exceptions.map((exception) => [exception.date, exception]))
  const days: Day[] = []
  for (let time = Date.UTC(year, 0, 1); time < Date.UTC(year + 1, 0, 1); time += DAY_MS) {
    const date = iso(time)
    const weekday = ((new Date(time).getUTCDay() + 6) % 7) + 1
    const exception = changed.get(date)
    const kind = exception ? (exception.kind === 'working' ? 'working' : 'holiday') : rest.has(weekday) ? 'rest' : 'plain'
    days.push({ date, weekday, kind, name: exception?.name, exception })
  }
  return days
}

export const isWorking = ({ kind }: Day) => kind === 'plain' || kind === 'working'

export const monthsOf = (days: readonly Day[]): Day[][] => Array.from({ length: 12 }, (_, month) => days.filter(({ date }) => Number(date.slice(5, 7)) === month + 1))

const STEPS: Partial<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

/** Where an arrow key leads from a day; null for other keys. */
export function moved(date: string, key: string): string | null {
  const step = STEPS[key]
  return step === undefined ? null : iso(Date.parse(`${date}T00:00:00Z`) + step * DAY_MS)
}
