import { GitMerge } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ChipsControl } from './controls'
import type { Choice, Conflict } from './conflict'
import type { Values } from './fields'
import { ValueText } from './ValueText'
import styles from './Form.module.css'

/** What somebody else changed meanwhile, beside one's own: field by field one says which holds. */
export function ConflictView({ conflict, base, mine, choose }: { conflict: Conflict; base: Values; mine: Values; choose: (key: string, choice: Choice) => void }) {
  const { t } = useTranslation()
  return (
    <section className={styles.conflict} role="alert" aria-label={t('form.conflict.title')} data-testid="conflict">
      <header><GitMerge size={16} aria-hidden /><strong>{t('form.conflict.title')}</strong></header>
      <p>{t(conflict.differences.length === 0 ? 'form.conflict.same' : 'form.conflict.help')}</p>
      <ul>
        {conflict.differences.map(({ field, clash }) => (
          <li key={field.key}>
            <h3>{t(field.label)}</h3>
            <dl>
              <div><dt>{t('form.conflict.before')}</dt><dd><ValueText field={field} values={base} /></dd></div>
              <div><dt>{t('form.conflict.theirs')}</dt><dd><ValueText field={field} values={conflict.theirs} /></dd></div>
              {clash && <div><dt>{t('form.conflict.mine')}</dt><dd><ValueText field={field} values={mine} /></dd></div>}
            </dl>
            <ChipsControl
              id={field.key} label={t('form.conflict.choose', { field: t(field.label) })} value={conflict.choices[field.key] ?? ''} change={(choice) => choose(field.key, choice as Choice)}
              options={[{ value: 'theirs', label: t('form.conflict.take_theirs') }, { value: 'mine', label: t(clash ? 'form.conflict.take_mine' : 'form.conflict.take_back') }]}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
