import { addDecimal, subtractDecimal } from '@/components/format/decimal'
import type { Opportunity } from '@/components/list/model'
import type { Amount, Board, BoardStage } from './pipelines'

/*
 * What a move does to the board before the server has answered, and what it has to ask first. The board is never changed in
 * place: the one before is what a refused move goes back to.
 */

const plus = (sum: Amount, amount: Amount | null | undefined): Amount => (sum.currency === amount?.currency ? { ...sum, amount: addDecimal(sum.amount, amount.amount) } : sum)
const minus = (sum: Amount, amount: Amount | null | undefined): Amount => (sum.currency === amount?.currency ? { ...sum, amount: subtractDecimal(sum.amount, amount.amount) } : sum)

export function stageOf(board: Board, card: string): BoardStage | undefined {
  return board.stages.find((stage) => stage.cards.some(({ id }) => id === card))
}

/** The board with a card on top of another column; counts and sums go with it. */
export function moved(board: Board, card: Opportunity, to: string): Board {
  const from = stageOf(board, card.id)
  const target = board.stages.find(({ id }) => id === to)
  if (!from || !target || from.id === to) return board
  return {
    ...board,
    stages: board.stages.map((stage) => {
      if (stage.id === from.id) return { ...stage, count: stage.count - 1, amount: minus(stage.amount, card.amount), cards: stage.cards.filter(({ id }) => id !== card.id) }
      if (stage.id === to) return { ...stage, count: stage.count + 1, amount: plus(stage.amount, card.amount), cards: [{ ...card, stage_id: to, status: stage.kind }, ...stage.cards] }
      return stage
    }),
  }
}

/** What a column has beyond its cards. */
export function rest(stage: BoardStage): { count: number; amount: Amount } {
  const amount = stage.cards.reduce<Amount>((left, card) => minus(left, card.amount), stage.amount)
  return { count: stage.count - stage.cards.length, amount }
}

/** What is open, all columns together. */
export function open(board: Board): { count: number; amount: Amount | null } {
  const [first, ...others] = board.stages.filter(({ kind }) => kind === 'open')
  return { count: board.stages.reduce((sum, stage) => sum + (stage.kind === 'open' ? stage.count : 0), 0), amount: first ? others.reduce((sum, stage) => plus(sum, stage.amount), first.amount) : null }
}

/** The column beside that of a card. */
export function beside(board: Board, card: string, by: 1 | -1): BoardStage | undefined {
  const at = board.stages.findIndex((stage) => stage.cards.some(({ id }) => id === card))
  return at < 0 ? undefined : board.stages[at + by]
}

/** What has to be known before a deal may come into a stage. */
export const asksFor = (stage: { kind: string }): 'reason' | 'close' | null => (stage.kind === 'lost' ? 'reason' : stage.kind === 'won' ? 'close' : null)

/** What a move sends. */
export interface Move { stage_id: string; lost_reason?: string | null; amount?: { amount: string; currency?: string } | null; closed_on?: string | null }

/** What takes a move back: each field it sent as it was before. */
export function undone(move: Move, before: Opportunity): Move {
  return {
    stage_id: before.stage_id,
    ...('lost_reason' in move ? { lost_reason: before.lost_reason ?? null } : {}),
    ...('amount' in move ? { amount: before.amount ?? null } : {}),
    ...('closed_on' in move ? { closed_on: before.closed_on ?? null } : {}),
  }
}
