import type { KeyboardEvent, PointerEvent } from 'react'
import { ArrowRightLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatDay } from '@/components/format/format'
import { daysBetween } from '@/components/list/days'
import type { Around, Opportunity } from '@/components/list/model'
import styles from './Board.module.css'

interface Props {
  card: Opportunity
  around: Around
  open: boolean
  lifted: boolean
  tab: boolean
  onOpen: () => void
  onKeys: (event: KeyboardEvent) => void
  onPress: (event: PointerEvent<HTMLElement>) => void
  /** On the phone: where the card is sent by hand. */
  onSend: (() => void) | null
}

/** A deal in its column: whose it is, what it is worth, when it is due and how long it has stood here. */
export function Card({ card, around, open, lifted, tab, onOpen, onKeys, onPress, onSend }: Props) {
  const { t } = useTranslation()
  return (
    <li className={styles.item} data-card={card.id} data-lifted={lifted}>
      <button type="button" className={styles.card} data-open={open} tabIndex={tab ? 0 : -1} aria-keyshortcuts="[ ]" onClick={onOpen} onKeyDown={onKeys} onPointerDown={onPress}>
        <CardLines card={card} around={around} />
      </button>
      {onSend && <button type="button" className={styles.send} onClick={onSend} aria-label={t('board.send', { name: card.name })}><ArrowRightLeft size={16} aria-hidden /></button>}
    </li>
  )
}

export function CardLines({ card, around }: { card: Opportunity; around: Around }) {
  const { t, format, name } = around
  const owner = name(card.owner_id)
  const account = name(card.account_id)
  // Most deals begin with the customer's name, which stands above.
  const what = card.name.startsWith(account) ? card.name.slice(account.length).trim() : account === '\u2014' ? '' : card.name
  return (
    <>
      <span className={styles.line}><span className={styles.account}>{account === '\u2014' ? card.name : account}</span><span className={styles.owner} title={owner}>{owner === '\u2014' ? '\u00B7' : [...owner][0]}<span className="visually-hidden">{owner}</span></span></span>
      <span className={styles.line}><b>{card.amount ? format.round(card.amount.amount, card.amount.currency) : t('board.no_amount')}</b><small>{what}</small></span>
      <span className={styles.line}><Due card={card} around={around} />{card.status === 'open' && card.stage_entered_at && <small>{t('board.here', { value: daysBetween(card.stage_entered_at, around.today) })}</small>}</span>
    </>
  )
}

/** The clock of a deal: mark, word and colour. */
function Due({ card, around: { t, today } }: { card: Opportunity; around: Around }) {
  if (card.status === 'won') return <span className={styles.won}>{'\u2713'} {formatDay(card.closed_on)}</span>
  if (card.status === 'lost') return <span className={styles.lost}>{'\u2715'} {card.lost_reason ?? formatDay(card.closed_on)}</span>
  const due = card.expected_close_on
  if (!due) return <small>{t('board.no_date')}</small>
  if (due < today) return <span className={styles.late}>{'\u25BC'} {t('board.late', { value: daysBetween(due, today) })}</span>
  if (due === today) return <span className={styles.today}>{'\u25D0'} {t('board.today')}</span>
  return <small className={styles.left}>{t('board.left', { value: daysBetween(today, due) })}</small>
}
