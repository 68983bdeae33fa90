import { describe, expect, it } from 'vitest'
import { isBelow, treeOf } from './teamTree'

const teams = [{ id: 'b', name: 'Team 10', parent_id: 'a' }, { id: 'a', name: 'East', parent_id: null }, { id: 'c', name: 'Team 9', parent_id: 'a' }, { id: 'd', name: 'Lost', parent_id: 'gone' }]

describe('the tree of teams', () => {
  it('stands by name, numbers as numbers, and loses nobody', () => {
    expect(treeOf(teams).map(({ team, children }) => [team.name, children.map((child) => child.team.name)])).toEqual([['East', ['Team 9', 'Team 10']], ['Lost', []]])
  })
  it('knows what is below what', () => {
    expect(isBelow(teams, 'b', 'a')).toBe(true)
    expect(isBelow(teams, 'a', 'a')).toBe(true)
    expect(isBelow(teams, 'a', 'b')).toBe(false)
  })
  it('ends where the tree is a circle', () => {
    expect(isBelow([{ id: 'x', name: '', parent_id: 'y' }, { id: 'y', name: '', parent_id: 'x' }], 'x', 'z')).toBe(false)
  })
})
