import { useRef } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError, client, unwrap } from '@/api/client'
import type { Opportunity } from '@/components/list/model'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { isOlder, moved, stageOf, undone, type Move } from './moves'
import type { Board } from './pipelines'

class Changed extends Error {}

/** The deal as it is now, with its version. */
async function read(id: string): Promise<{ deal: Opportunity; tag: string }> {
  const answer = await client.GET('/api/v1/opportunities/{id}', { params: { path: { id } } })
  const deal = await unwrap<Opportunity>(Promise.resolve(answer))
  return { deal, tag: answer.response.headers.get('ETag') ?? '' }
}

async function send(id: string, tag: string, move: Move): Promise<{ deal: Opportunity; tag: string }> {
  const answer = await client.PATCH('/api/v1/opportunities/{id}', { params: { path: { id }, header: { 'If-Match': tag } }, body: move })
  const deal = await unwrap<Opportunity>(Promise.resolve(answer))
  return { deal, tag: answer.response.headers.get('ETag') ?? '' }
}

/** Moves a card at once and tells the server; what the server refuses goes back and is said, with the reason. */
export function useMove(key: readonly unknown[]) {
  const queryClient = useQueryClient()
  const toast = useToast()
  const { t } = useTranslation()
  const text = useErrorText()
  // One after the other: a second key must not overtake the first.
  const line = useRef<Promise<unknown>>(Promise.resolve())
  const waiting = useRef(0)
  // How we left a deal ourselves: a card that moves twice is not changed by somebody else.
  const own = useRef(new Map<string, string>())

  const show = (change: (board: Board) => Board) => queryClient.setQueryData<Board>(key, (before) => before && change(before))
  // Only when nothing is on its way: an answer in between would show a card where it was.
  const settle = () => (waiting.current > 0 ? Promise.resolve() : Promise.all([['board'], ['list', 'opportunities'], ['record']].map((stale) => queryClient.invalidateQueries({ queryKey: stale }))).then(() => undefined))

  const refuse = (card: Opportunity, from: string, error: unknown) => {
    show((board) => moved(board, stageOf(board, card.id)?.cards.find(({ id }) => id === card.id) ?? card, from))
    const stale = error instanceof Changed || (error instanceof ApiError && (error.status === 412 || error.status === 404))
    const reason = error instanceof ApiError && error.errors[0]?.detail ? error.errors[0].detail : text(error)
    toast({ title: t('board.refused', { name: card.name }), detail: stale ? t('board.changed') : reason, tone: 'behind' })
  }

  const save = async (id: string, tag: string, move: Move) => {
    const after = await send(id, tag, move)
    if (after.deal.updated_at) own.current.set(id, after.deal.updated_at)
    return after
  }
  const queue = (work: () => Promise<void>, failed: (error: unknown) => void) => {
    waiting.current += 1
    line.current = line.current.then(work).catch(failed).finally(() => {
      waiting.current -= 1
      return settle()
    })
  }

  return (card: Opportunity, move: Move, to: string) => {
    const from = card.stage_id
    void queryClient.cancelQueries({ queryKey: key })
    show((board) => moved(board, card, move.stage_id))
    queue(async () => {
      const now = await read(card.id)
      const mine = own.current.get(card.id)
      if ((mine === undefined || mine !== now.deal.updated_at) && isOlder(card, now.deal)) throw new Changed()
      const after = await save(card.id, now.tag, move)
      const back = () => {
        show((board) => moved(board, { ...card, ...after.deal }, from))
        queue(async () => { await save(card.id, after.tag, undone(move, card)) }, (error) => refuse({ ...card, ...after.deal }, move.stage_id, error))
      }
      toast({ title: t('board.moved', { name: card.name, stage: to }), action: { label: t('board.undo'), run: back } })
    }, (error) => refuse(card, from, error))
  }
}
