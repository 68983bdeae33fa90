import { useTranslation } from 'react-i18next'
import styles from './Word.module.css'
import { toneOf, type Tone, type WordSet } from './words'

/** A status: mark, word and colour, never colour alone. */
export function Word({ set, word }: { set: WordSet; word: string }) {
  const { t, i18n } = useTranslation()
  const tone = toneOf(set, word)
  const key = `list.word.${set}.${word}`
  return <span className={`${styles.word} ${styles[tone]}`}><Mark tone={tone} />{i18n.exists(key) ? t(key) : word}</span>
}

function Mark({ tone }: { tone: Tone }) {
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" strokeLinejoin="round">
      {(tone === 'open' || tone === 'half') && <circle cx="5" cy="5" r="3.8" />}
      {tone === 'half' && <path d="M5 1.2a3.8 3.8 0 0 0 0 7.6z" fill="currentColor" stroke="none" />}
      {tone === 'force' && <rect x="1" y="1" width="8" height="8" rx="1.5" fill="currentColor" stroke="none" />}
      {(tone === 'won' || tone === 'done') && <path d="M1.4 5.4 4 8l4.8-6" />}
      {tone === 'off' && <path d="M2 2l6 6M8 2l-6 6" />}
      {tone === 'back' && <path d="M3.5 1.5 1.2 4l2.3 2.5M1.5 4h5a2.2 2.2 0 0 1 0 4.5H5" />}
    </svg>
  )
}
