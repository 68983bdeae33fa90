import { Fragment, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import styles from './CommandPalette.module.css'
import { useMe } from '@/api/queries'
import { remember } from './recent'
import { useEntries, type Entry } from './useEntries'

/** Pages, people and commands by keyboard alone: type, arrows, Enter; Esc closes. */
export function CommandPalette({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const dialog = useRef<HTMLDialogElement>(null)
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const entries = useEntries(query)
  const user = useMe().user_id
  const current = Math.min(active, entries.length - 1)

  // Closed by whatever way, the focus goes back to where it was.
  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  useEffect(() => { dialog.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }) }, [current])

  const run = (entry: Entry | undefined) => {
    if (!entry) return
    if (entry.record) remember(user, entry.record)
    else if (entry.section !== 'people') remember(user, entry.id)
    close()
    entry.run()
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') setActive((current + 1) % Math.max(entries.length, 1))
    else if (event.key === 'ArrowUp') setActive((current - 1 + entries.length) % Math.max(entries.length, 1))
    else if (event.key === 'Enter') run(entries[current])
    else return
    event.preventDefault()
  }

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- a click beside the panel closes; Esc does it by keyboard
    <dialog ref={dialog} className={styles.dialog} onClose={close} onClick={(event) => { if (event.target === dialog.current) close() }} aria-label={t('palette.open')}>
      <div className={styles.panel}>
        <div className={styles.input}>
          <Search size={16} aria-hidden />
          <input
            autoFocus value={query} placeholder={t('palette.placeholder')} aria-label={t('palette.placeholder')} role="combobox" aria-expanded="true" aria-controls="palette-list"
            aria-activedescendant={entries[current] ? `palette-${current}` : undefined} autoComplete="off" spellCheck={false}
            onChange={(event) => { setQuery(event.target.value); setActive(0) }} onKeyDown={onKey}
          />
          <kbd>Esc</kbd>
        </div>
        <div role="listbox" id="palette-list" className={styles.list} aria-label={t('palette.results')}>
          {entries.map((entry, index) => (
            <Fragment key={`${entry.section}-${entry.id}`}>
              {entry.section !== entries[index - 1]?.section && <div className={styles.section} role="presentation">{t(`palette.${entry.section}`)}</div>}
              {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- keys are handled by the input */}
              <div role="option" id={`palette-${index}`} aria-selected={index === current} className={styles.entry} onMouseMove={() => setActive(index)} onClick={() => run(entry)}>
                {entry.icon}<span>{entry.label}</span>{entry.hint && <small>{entry.hint}</small>}
              </div>
            </Fragment>
          ))}
          {entries.length === 0 && <p className={styles.none}>{t('palette.none', { query })}</p>}
        </div>
      </div>
    </dialog>
  )
}
