import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFilters } from '@/components/ui/paramsState'
import { Sheet } from '@/components/list/Sheet'
import type { Opportunity } from '@/components/list/model'
import { Column } from './Column'
import type { Board, BoardStage } from './pipelines'
import styles from './Board.module.css'

/** One column at a time, with a switch above; "move to" opens the stages from below. */
export function PhoneBoard({ board, card, place, more }: { board: Board; card: (card: Opportunity, send: () => void) => ReactNode; place: (card: Opportunity, stage: string) => void; more: (stage: BoardStage) => string }) {
  const { t } = useTranslation()
  const [params, set] = useFilters()
  const [sending, setSending] = useState<Opportunity | null>(null)
  const bar = useRef<HTMLDivElement>(null)
  const shown = board.stages.find(({ code }) => code === params.get('stage')) ?? board.stages.find(({ count }) => count > 0) ?? board.stages[0]
  useEffect(() => { bar.current?.querySelector('[aria-pressed="true"]')?.scrollIntoView({ inline: 'center', block: 'nearest' }) }, [shown?.id])
  if (!shown) return null
  return (
    <div className={styles.phone}>
      <div className={styles.stages} ref={bar} role="group" aria-label={t('board.stages')}>
        {board.stages.map((stage) => <button key={stage.id} type="button" aria-pressed={stage.id === shown.id} onClick={() => set({ stage: stage.code })}>{stage.name}<span>{stage.count}</span></button>)}
      </div>
      <Column stage={shown} month={board.month} over={false} more={more(shown)}>{shown.cards.map((one) => card(one, () => setSending(one)))}</Column>
      {sending && (
        <Sheet title={t('board.send', { name: sending.name })} close={() => setSending(null)}>
          <ul className={styles.targets}>
            {board.stages.map((stage) => <li key={stage.id}><button type="button" disabled={stage.id === sending.stage_id} onClick={() => { setSending(null); place(sending, stage.id) }}>{stage.name}{stage.id === sending.stage_id && <small>{t('board.is_here')}</small>}</button></li>)}
          </ul>
        </Sheet>
      )}
    </div>
  )
}
