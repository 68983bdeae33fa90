/** Minutes that the company's clock is ahead of UTC at a moment. */
function offsetMinutes(time: Date, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).formatToParts(time)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0)
  const there = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return Math.round((there - Math.floor(time.getTime() / 1000) * 1000) / 60_000)
}

/** A moment of the API as the company's clock shows it: `2026-03-19T10:30`, as a control of date and time holds it. */
export function wireToMoment(wire: string, timezone: string): string {
  const time = new Date(wire)
  if (!wire || Number.isNaN(time.getTime())) return ''
  return new Date(time.getTime() + offsetMinutes(time, timezone) * 60_000).toISOString().slice(0, 16)
}

/** The company's clock as a moment of the API: `2026-03-19T10:30` to `2026-03-19T10:30:00+08:00`. */
export function momentToWire(local: string, timezone: string): string {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local)) return local
  const asUtc = new Date(`${local}:00Z`)
  if (Number.isNaN(asUtc.getTime())) return local
  // Near a change of the clock the offset is that of the moment itself.
  const first = offsetMinutes(asUtc, timezone)
  const offset = offsetMinutes(new Date(asUtc.getTime() - first * 60_000), timezone)
  const size = Math.abs(offset)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${local}:00${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** A day so many days later. */
export function daysLater(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  return Number.isNaN(date.getTime()) ? day : new Date(date.getTime() + days * 86_400_000).toISOString().slice(0, 10)
}
