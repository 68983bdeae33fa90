import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fieldsOf, operationsOf, typeOf, type Description } from './openapi'

const description = JSON.parse(readFileSync('../crates/app/openapi.json', 'utf8')) as Description

describe('the description of the API', () => {
  it('shows every operation once, with a name', () => {
    const all = [...operationsOf(description, '').values()].flat()
    const there = Object.values(description.paths).flatMap((methods) => Object.keys(methods))
    expect(all.length).toBe(there.length)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(all.filter(({ summary }) => !summary)).toEqual([])
    expect(all.find(({ path, method }) => path === '/api/v1/session' && method === 'post')?.isPublic).toBe(true)
    expect(all.find(({ path }) => path === '/api/v1/me')?.isPublic).toBe(false)
  })
  it('is filtered by address and name', () => {
    const found = [...operationsOf(description, 'estimate').values()].flat()
    expect(found.length).toBeGreaterThan(2)
    for (const { path, summary, tag } of found) expect(`${path} ${summary} ${tag}`.toLowerCase()).toContain('estimate')
  })
  it('names types and looks into objects', () => {
    expect(typeOf({ type: ['string', 'null'], format: 'uuid' })).toBe('string (uuid) | null')
    expect(typeOf({ type: 'array', items: { $ref: '#/components/schemas/LineView' } })).toBe('array of LineView')
    expect(fieldsOf({ $ref: '#/components/schemas/Figure' }, description).map(({ name }) => name)).toEqual(['currency', 'unit', 'value', 'why'])
  })
})
