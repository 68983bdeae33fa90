import type { Values } from './fields'

/** What was typed and not yet saved, with what it was typed over: a record that was changed meanwhile is noticed. */
export interface Draft { values: Values; base: Values; etag: string | null; key: string; at: string }

const PREFIX = 'qiao.draft.'
/** Drafts that nobody came back to go after this time. */
const KEPT_MS = 30 * 24 * 3_600_000

/** Drafts are kept by user, kind and record; a new one also by what it was opened from. */
export const draftKey = (user: string, kind: string, record: string) => `${PREFIX}${user}.${kind}.${record}`

export function readDraft(key: string, now: Date): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? 'null') as Draft | null
    if (!draft || typeof draft !== 'object' || typeof draft.values !== 'object' || typeof draft.base !== 'object') return null
    if (!(now.getTime() - Date.parse(draft.at) < KEPT_MS)) { clearDraft(key); return null }
    return draft
  } catch {
    return null
  }
}

export function writeDraft(key: string, draft: Draft) {
  // A full or forbidden store must not stop anybody from typing.
  try { localStorage.setItem(key, JSON.stringify(draft)) } catch { /* the form itself still has it */ }
}

export function clearDraft(key: string) {
  try { localStorage.removeItem(key) } catch { /* as above */ }
}
