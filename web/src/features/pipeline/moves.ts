import { addDecimal, subtractDecimal } from '@/components/format/decimal'
import type { Opportunity } from '@/components/list/model'
import type { Amount, Board, BoardStage, Sort } from './pipelines'

/*
 * What a move does to the board before the server has answered, and what it has to ask first. The board is never changed in
 * place: the one before is what a refused move goes back to.
 */

const plus = (sum: Amount, amount: Amount | null | undefined): Amount => (sum.currency === amount?.currency ? { ...sum, amount: addDecimal(sum.amount, amount.amount) } : sum)
const minus = (sum: Amount, amount: Amount | null | undefined): Amount => (sum.currency === amount?.currency ? { ...sum, amount: subtractDecimal(sum.amount, amount.amount) } : sum)

export function stageOf(board: Board, card: string): BoardStage | undefined {
  return board.stages.find((stage) => stage.cards.some(({ id }) => id === card))
}

/** Where a card stands in the order of a column; null stands behind all others, as on the server. */
const placeOf: Record<Sort, (card: Opportunity) => bigint | string | null> = {
  stage_entered_at: ({ stage_entered_at }) => stage_entered_at,
  '-amount': ({ amount }) => (amount ? -BigInt(amount.amount.replace('.', '')) : null),
  expected_close_on: ({ expected_close_on }) => expected_close_on ?? null,
}

/** The cards of a column with one more, where the order of the board has it: it stays there when the board is read again. */
function placed(cards: Opportunity[], card: Opportunity, sort: Sort): Opportunity[] {
  const own = placeOf[sort](card)
  const behind = (other: Opportunity) => {
    const place = placeOf[sort](other)
    if ((own === null) !== (place === null)) return own !== null
    return place === own || own === null || place === null ? other.id > card.id : place > own
  }
  const at = cards.findIndex(behind)
  return at < 0 ? [...cards, card] : [...cards.slice(0, at), card, ...cards.slice(at)]
}

/** The board with a card in another column, where the order has it; counts and sums go with it. */
export function moved(board: Board, card: Opportunity, to: string, sort: Sort = 'stage_entered_at'): Board {
  const from = stageOf(board, card.id)
  const target = board.stages.find(({ id }) => id === to)
  if (!from || !target || from.id === to) return board
  return {
    ...board,
    stages: board.stages.map((stage) => {
      if (stage.id === from.id) return { ...stage, count: stage.count - 1, amount: minus(stage.amount, card.amount), cards: stage.cards.filter(({ id }) => id !== card.id) }
      if (stage.id === to) return { ...stage, count: stage.count + 1, amount: plus(stage.amount, card.amount), cards: placed(stage.cards, { ...card, stage_id: to, status: stage.kind }, sort) }
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
