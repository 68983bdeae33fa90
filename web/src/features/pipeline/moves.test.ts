import { describe, expect, it } from 'vitest'
import type { Opportunity } from '@/components/list/model'
import { asksFor, beside, moved, open, rest, undone } from './moves'
import type { Board } from './pipelines'

const deal = (id: string, stage: string, amount: string | null): Opportunity => ({ id, name: id, pipeline_id: 'p', stage_id: stage, status: 'open', splits: [], archived: false, updated_at: '2026-03-11T08:00:00.000Z', version: 3, stage_entered_at: '2026-03-01T08:00:00.000Z', amount: amount === null ? null : { amount, currency: 'CNY' } })
const first = deal('a', 's1', '100.10')
const board: Board = {
  id: 'p', name: 'P', month: '2026-03', names: {},
  stages: [
    { id: 's1', code: 'one', name: 'One', kind: 'open', count: 5, amount: { amount: '1000.00', currency: 'CNY' }, cards: [first, deal('b', 's1', null)] },
    { id: 's2', code: 'two', name: 'Two', kind: 'open', count: 0, amount: { amount: '0.00', currency: 'CNY' }, cards: [] },
    { id: 'w', code: 'won', name: 'Won', kind: 'won', count: 1, amount: { amount: '50.00', currency: 'CNY' }, cards: [deal('c', 'w', '50.00')] },
  ],
}

describe('a move on the board', () => {
  const after = moved(board, first, 's2')
  it('takes the card, the count and the sum along', () => {
    expect(after.stages.map(({ count }) => count)).toEqual([4, 1, 1])
    expect(after.stages.map(({ amount }) => amount?.amount)).toEqual(['899.90', '100.10', '50.00'])
    expect(after.stages[1]?.cards.map(({ id, stage_id }) => [id, stage_id])).toEqual([['a', 's2']])
  })
  it('leaves the board before as it was: a refused move goes back to it', () => {
    expect(board.stages[0]?.cards).toHaveLength(2)
    expect(moved(after, { ...first, stage_id: 's2' }, 's1').stages.map(({ amount }) => amount?.amount)).toEqual(['1000.00', '0.00', '50.00'])
  })
  it('to where the card is, or to nowhere, is none', () => {
    expect(moved(board, first, 's1')).toBe(board)
    expect(moved(board, first, 'elsewhere')).toBe(board)
  })
  it('puts it where the order of the column has it, what has no value last', () => {
    const at = (id: string, amount: string | null, entered: string): Opportunity => ({ ...deal(id, 's2', amount), stage_entered_at: entered })
    const cards = [at('x', '900.00', '2026-03-02T08:00:00.000Z'), at('y', '100.10', '2026-03-03T08:00:00.000Z'), at('z', null, '2026-03-05T08:00:00.000Z')]
    const full: Board = { ...board, stages: board.stages.map((stage) => (stage.id === 's2' ? { ...stage, cards } : stage)) }
    const order = (card: Opportunity, sort: '-amount' | 'stage_entered_at') => moved(full, card, 's2', sort).stages[1]?.cards.map(({ id }) => id).join('')
    expect(order(first, '-amount')).toBe('xayz')
    expect(order({ ...first, amount: null }, '-amount')).toBe('xyaz')
    expect(order(first, 'stage_entered_at')).toBe('axyz')
    expect(order({ ...first, stage_entered_at: '2026-03-11T08:00:00.000Z' }, 'stage_entered_at')).toBe('xyza')
  })
  it('makes a deal what its stage says', () => { expect(moved(board, first, 'w').stages[2]?.cards[0]?.status).toBe('won') })
})

describe('a column', () => {
  it('is its cards and the rest', () => {
    expect(rest(board.stages[0]!)).toEqual({ count: 3, amount: { amount: '899.90', currency: 'CNY' } })
    expect(rest(board.stages[2]!)).toEqual({ count: 0, amount: { amount: '0.00', currency: 'CNY' } })
  })
  it('has one beside it, or none', () => {
    expect(beside(board, 'a', 1)?.id).toBe('s2')
    expect(beside(board, 'a', -1)).toBeUndefined()
    expect(beside(board, 'gone', 1)).toBeUndefined()
  })
  it('counts as open only while it is', () => { expect(open(board)).toEqual({ count: 5, amount: { amount: '1000.00', currency: 'CNY' } }) })
})

describe('the rules of a move', () => {
  it('ask for the reason of a loss and for what was won', () => {
    expect(['open', 'won', 'lost'].map((kind) => asksFor({ kind }))).toEqual([null, 'close', 'reason'])
  })
  it('take back exactly what was sent', () => {
    expect(undone({ stage_id: 's2' }, first)).toEqual({ stage_id: 's1' })
    expect(undone({ stage_id: 'l', lost_reason: 'price' }, first)).toEqual({ stage_id: 's1', lost_reason: null })
    expect(undone({ stage_id: 'w', amount: { amount: '9.00' }, closed_on: '2026-03-11' }, first)).toEqual({ stage_id: 's1', amount: { amount: '100.10', currency: 'CNY' }, closed_on: null })
  })
})
