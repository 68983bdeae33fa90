import { describe, expect, it } from 'vitest'
import type { Me } from '@/api/types'
import { addressOf, sectionAt, SECTIONS, sectionsFor } from './sections'

const me = (permissions: Me['permissions']) => ({ permissions }) as Me

describe('the sections of the settings', () => {
  it('stand at addresses of their own', () => {
    expect(new Set(SECTIONS.map(addressOf)).size).toBe(SECTIONS.length)
  })
  it('are shown to whom the server lets do what they are for', () => {
    expect(sectionsFor(me([])).every((section) => section.group === 'me')).toBe(true)
    expect(sectionsFor(me(['publish_plans'])).map((section) => section.path)).toContain('/plans')
  })
  it('are found by their address, with what is below it', () => {
    expect(sectionAt('/settings')?.path).toBe('profile')
    expect(sectionAt('/settings/profile/x')?.path).toBe('profile')
    expect(sectionAt('/settings/profilex')).toBeUndefined()
  })
})
