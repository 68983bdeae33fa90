/** A record that was opened from the palette. */
export interface RecentRecord { type: string; id: string; title: string; detail: string }

const MAX_RECENT = 7

/** One browser may serve several people: what one of them looked at is nobody else's. */
const key = (user: string) => `qiao.recent.${user}`

const isRecord = (value: unknown): value is RecentRecord => {
  if (typeof value !== 'object' || value === null) return false
  const record = value as Record<string, unknown>
  return ['type', 'id', 'title', 'detail'].every((name) => typeof record[name] === 'string')
}

/** The pages and commands, by id, and the records that were last chosen, the newest first. */
export function readRecent(user: string): (string | RecentRecord)[] {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(key(user)) ?? '[]')
    return Array.isArray(parsed) ? parsed.filter((one): one is string | RecentRecord => typeof one === 'string' || isRecord(one)) : []
  } catch {
    return []
  }
}

const idOf = (one: string | RecentRecord) => (typeof one === 'string' ? one : one.id)

/** Puts what was chosen in the first place. */
export function remember(user: string, chosen: string | RecentRecord) {
  const next = [chosen, ...readRecent(user).filter((one) => idOf(one) !== idOf(chosen))].slice(0, MAX_RECENT)
  try {
    localStorage.setItem(key(user), JSON.stringify(next))
  } catch {
    // A full or forbidden storage: nothing is remembered, nothing is broken.
  }
}
