import { afterEach, describe, expect, it, vi } from 'vitest'
import { bulkEdit, undoing, type BulkChange } from './bulk'

const change: BulkChange = { id: 'a', version: 3, before: { id: 'a', owner_id: 'x', amount: null, archived: false }, after: { id: 'a', owner_id: 'y', archived: false } }

afterEach(() => { vi.unstubAllGlobals() })

describe('undoing an edit of several records', () => {
  it('sends what was there before, empty fields as null, with the version of the edit', () => {
    expect(undoing([change], ['owner_id', 'amount'])).toEqual([{ id: 'a', version: 3, fields: { owner_id: 'x', amount: null } }])
  })
  it('brings back what was put away', () => {
    expect(undoing([change], null)).toEqual([{ id: 'a', version: 3, archived: false }])
  })
})

describe('an edit of several records', () => {
  it('is sent in parts of five hundred and answered as one', async () => {
    const sizes: number[] = []
    vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
      const { edits } = JSON.parse(init.body as string) as { edits: { id: string }[] }
      sizes.push(edits.length)
      return Promise.resolve(new Response(JSON.stringify({ changed: [], unchanged: edits.map(({ id }) => id), refused: [] }), { status: 200 }))
    })
    const edits = Array.from({ length: 1_001 }, (_, at) => ({ id: String(at), version: 1, archived: true }))
    const answer = await bulkEdit('leads', edits, true)
    expect(sizes).toEqual([500, 500, 1])
    expect(answer.unchanged).toHaveLength(1_001)
  })
})
