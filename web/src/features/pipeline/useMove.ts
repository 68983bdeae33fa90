import { useRef } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { ApiError, client, unwrap } from '@/api/client'
import { toEdit } from '@/components/form/address'
import { useFormat } from '@/components/format/format'
import type { Opportunity } from '@/components/list/model'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { moved, undone, type Move } from './moves'
import type { Board, Sort } from './pipelines'

async function send(id: string, version: number, move: Move): Promise<Opportunity> {
  return unwrap<Opportunity>(client.PATCH('/api/v1/opportunities/{id}', { params: { path: { id }, header: { 'If-Match': `"${version}"` } }, body: move }))
}

/** The field of the form that a JSON pointer names. */
const fieldOf = (pointer: string) => pointer.split('/')[1] ?? ''

/** Moves a card at once and tells the server; what the server refuses goes back and is said, with the reason. */
export function useMove(key: readonly unknown[], sort: Sort) {
  const queryClient = useQueryClient()
  const toast = useToast()
  const { t } = useTranslation()
  const text = useErrorText()
  const format = useFormat()
  const navigate = useNavigate()
  const { pathname, search } = useLocation()
  // One after the other: a second key must not overtake the first.
  const line = useRef<Promise<unknown>>(Promise.resolve())
  const waiting = useRef(0)
  // How we left a deal ourselves: a card that moves twice was not changed by somebody else.
  const own = useRef(new Map<string, number>())

  // A board that was asked for before this would show a card where it no longer is; it is asked for again when all is done.
  const show = (change: (board: Board) => Board) => {
    void queryClient.cancelQueries({ queryKey: key })
    queryClient.setQueryData<Board>(key, (before) => before && change(before))
  }
  // Only when nothing is on its way: an answer in between would show a card where it was.
  const settle = () => (waiting.current > 0 ? Promise.resolve() : Promise.all([['board'], ['list', 'opportunities'], ['record']].map((stale) => queryClient.invalidateQueries({ queryKey: stale }))).then(() => undefined))

  const refuse = (card: Opportunity, from: string, to: string, error: unknown) => {
    show((board) => moved(board, card, from, sort))
    const lacking = error instanceof ApiError ? error.errors.filter(({ code }) => code === 'stage_requires').map(({ pointer }) => fieldOf(pointer)) : []
    if (lacking.length > 0) {
      const fields = format.list(lacking.map((field) => t(`field.${field.replace(/_id$/, '')}`)))
      const fill = () => { void navigate({ pathname, search: toEdit(search, 'opportunity', card.id, { stage_id: to }, lacking) }) }
      toast({ title: t('board.refused', { name: card.name }), detail: t('board.lacks', { fields }), tone: 'behind', action: { label: t('board.fill'), run: fill, leads: true } })
      return
    }
    const stale = error instanceof ApiError && (error.status === 412 || error.status === 404)
    const reason = error instanceof ApiError && error.errors[0]?.detail ? error.errors[0].detail : text(error)
    toast({ title: t('board.refused', { name: card.name }), detail: stale ? t('board.changed') : reason, tone: 'behind' })
  }

  const save = async (card: Opportunity, move: Move) => {
    const after = await send(card.id, Math.max(card.version, own.current.get(card.id) ?? 0), move)
    own.current.set(card.id, after.version)
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
    // It is there from now on, as far as the order asks; where it was it stood longer, and a refused move goes back to that.
    show((board) => moved(board, { ...card, stage_entered_at: new Date().toISOString() }, move.stage_id, sort))
    queue(async () => {
      const after = { ...card, ...await save(card, move) }
      show((board) => ({ ...board, stages: board.stages.map((stage) => ({ ...stage, cards: stage.cards.map((one) => (one.id === card.id ? { ...one, version: after.version, updated_at: after.updated_at, stage_entered_at: after.stage_entered_at } : one)) })) }))
      const back = () => {
        show((board) => moved(board, { ...after, stage_entered_at: new Date().toISOString() }, from, sort))
        queue(async () => { await save(after, undone(move, card)) }, (error) => refuse(after, move.stage_id, from, error))
      }
      toast({ title: t('board.moved', { name: card.name, stage: to }), action: { label: t('board.undo'), run: back } })
    }, (error) => refuse(card, from, move.stage_id, error))
  }
}
