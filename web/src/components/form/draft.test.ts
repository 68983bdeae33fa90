import { afterEach, describe, expect, it } from 'vitest'
import { clearDraft, draftKey, readDraft, writeDraft } from './draft'
import { readForm, toEdit, toNew, withoutForm } from './address'

const NOW = new Date('2026-03-19T10:00:00Z')
const DRAFT = { values: { name: 'x' }, base: {}, etag: '"3"', key: 'k', at: '2026-03-18T10:00:00Z' }
afterEach(() => localStorage.clear())

describe('a draft', () => {
  it('comes back with the version it was typed over, to the one who typed it', () => {
    writeDraft(draftKey('u1', 'lead', 'new'), DRAFT)
    expect(readDraft(draftKey('u1', 'lead', 'new'), NOW)).toEqual(DRAFT)
    expect(readDraft(draftKey('u2', 'lead', 'new'), NOW)).toBeNull()
    expect(readDraft(draftKey('u1', 'lead', 'other'), NOW)).toBeNull()
  })
  it('is gone when it was cleared, is old or cannot be read', () => {
    const key = draftKey('u1', 'lead', 'new')
    writeDraft(key, DRAFT)
    clearDraft(key)
    expect(readDraft(key, NOW)).toBeNull()
    writeDraft(key, { ...DRAFT, at: '2026-01-01T00:00:00Z' })
    expect(readDraft(key, NOW)).toBeNull()
    localStorage.setItem(key, '{"values":')
    expect(readDraft(key, NOW)).toBeNull()
  })
})

describe('the address of a form', () => {
  const id = '01a203ff-b835-7121-bcd2-b133398067e4'
  it('stands beside the filters of the page and leaves them', () => {
    const search = toNew('?stage=a&owner_id=me', 'contact', { account_id: id })
    expect(readForm(search)).toEqual({ mode: 'new', kind: 'contact', id: null, defaults: { account_id: id } })
    expect(withoutForm(toEdit('?stage=a&account_id=x', 'lead', id))).toBe('?stage=a&account_id=x')
  })
  it('may be written by hand', () => {
    expect(readForm(`?new=payment&contract_id=${id}`)?.defaults).toEqual({ contract_id: id })
    expect(withoutForm(`?new=payment&contract_id=${id}`)).toBe('')
    expect(readForm(`?edit=lead:${id}`)).toMatchObject({ mode: 'edit', kind: 'lead', id })
    expect(readForm('?new=nothing')).toBeNull()
    expect(readForm('?edit=lead')).toBeNull()
  })
})
