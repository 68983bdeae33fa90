import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ReactNode } from 'react'
import { monthName, useFormat } from '@/components/format/format'
import { rest } from './moves'
import type { BoardStage } from './pipelines'
import styles from './Board.module.css'

/** A stage: its count and sum, its cards, and what there is beyond them. */
export function Column({ stage, month, over, more, children }: { stage: BoardStage; month: string; over: boolean; more: string; children: ReactNode }) {
  const { t } = useTranslation()
  const format = useFormat()
  const beyond = rest(stage)
  return (
    <section className={styles.column} data-stage={stage.id} data-over={over} aria-label={stage.name}>
      <header className={styles.columnHead}>
        <h2>{stage.name}<span>{stage.count}</span>{stage.kind !== 'open' && <small>{monthName(Number(month.slice(5)), format.locale)}</small>}</h2>
        <b>{format.round(stage.amount.amount, stage.amount.currency)}</b>
      </header>
      <ul className={styles.cards}>{children}</ul>
      {stage.cards.length === 0 && <p className={styles.none}>{t('board.none')}</p>}
      {beyond.count > 0 && (
        <Link to={more} className={styles.more}>{t('board.beyond', { count: beyond.count })}<b>{format.round(beyond.amount.amount, beyond.amount.currency)}</b></Link>
      )}
    </section>
  )
}
