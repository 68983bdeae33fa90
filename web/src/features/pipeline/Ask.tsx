import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/api/queries'
import { Input } from '@/components/antd/controls'
import { Sheet } from '@/components/list/Sheet'
import type { Opportunity } from '@/components/list/model'
import { Button } from '@/components/ui/Button'
import { asksFor, type Move } from './moves'
import type { BoardStage } from './pipelines'
import styles from './Board.module.css'

const AMOUNT = /^\d{1,13}(\.\d{1,2})?$/

/** What has to be known before a deal is lost or won. */
export function Ask({ card, to, known, close, go }: { card: Opportunity; to: BoardStage; known: string[]; close: () => void; go: (move: Move) => void }) {
  const { t } = useTranslation()
  const { today, currency } = useMe().company
  const lost = asksFor(to) === 'reason'
  const [reason, setReason] = useState(card.lost_reason ?? '')
  const [amount, setAmount] = useState(card.amount?.amount ?? '')
  const [day, setDay] = useState(today)
  const plain = amount.replace(/[,\uFF0C\s]/g, '')
  const ready = lost ? reason.trim() !== '' : AMOUNT.test(plain) && /^\d{4}-\d{2}-\d{2}$/.test(day) && day <= today
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!ready) return
    go(lost
      ? { stage_id: to.id, lost_reason: reason.trim() }
      : { stage_id: to.id, closed_on: day, ...(plain === card.amount?.amount ? {} : { amount: { amount: plain } }) })
  }
  return (
    <Sheet
      title={t(lost ? 'board.ask_lost' : 'board.ask_won', { name: card.name })} close={close}
      foot={<><Button onClick={close}>{t('board.cancel')}</Button><Button type="primary" htmlType="submit" form="board-ask" disabled={!ready}>{t('board.move_to', { stage: to.name })}</Button></>}
    >
      <form id="board-ask" className={styles.ask} onSubmit={submit}>
        {lost ? (
          <>
            <label htmlFor="lost-reason">{t('list.col.lost_reason')}</label>
            <Input id="lost-reason" autoFocus value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
            {known.length > 0 && <div className={styles.reasons}>{known.map((one) => <button key={one} type="button" aria-pressed={reason === one} onClick={() => setReason(one)}>{one}</button>)}</div>}
          </>
        ) : (
          <>
            <label htmlFor="won-amount">{t('list.col.amount')}</label>
            <Input id="won-amount" autoFocus value={amount} inputMode="decimal" suffix={card.amount?.currency ?? currency} status={amount !== '' && !AMOUNT.test(plain) ? 'error' : ''} onChange={(event) => setAmount(event.target.value)} />
            <label htmlFor="won-day">{t('list.col.closed_on')}</label>
            <Input id="won-day" type="date" value={day} max={today} onChange={(event) => setDay(event.target.value)} />
          </>
        )}
      </form>
    </Sheet>
  )
}
