import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { recordQueries } from '@/api/records'
import { useDebounced } from '@/components/ui/useDebounced'
import { textOf, type DuplicateKeys, type Values } from './fields'
import styles from './Form.module.css'

const QUIET_MS = 400
/** A name of one character fits too many. */
const SHORTEST = 2

/** While one types: who is there already under this name, number or code. Whose record it is, is said even out of reach. */
export function Duplicates({ keys, values, except }: { keys: DuplicateKeys; values: Values; except: string | null }) {
  const { t, i18n } = useTranslation()
  const asked = useDebounced(JSON.stringify(Object.fromEntries(Object.entries(keys).flatMap(([name, key]) => {
    const text = textOf(values, key as string).trim()
    return text.length >= SHORTEST ? [[name, text]] : []
  }))), QUIET_MS)
  const query = JSON.parse(asked) as Record<string, string>
  const { data } = useQuery({ ...recordQueries.duplicates({ ...query, ...(except ? { except } : {}) }), enabled: Object.keys(query).length > 0 })
  if (!data || data.length === 0) return null
  return (
    <section className={styles.warning} aria-live="polite" aria-label={t('form.duplicates')}>
      <TriangleAlert size={16} aria-hidden />
      <div>
        <strong>{t('form.duplicates')}</strong>
        <ul>
          {data.slice(0, 4).map((one, index) => (
            <li key={one.id ?? index}>
              <span>{one.type_name}</span>
              {one.id && one.name ? <a href={`/records/${one.record_type}/${one.id}`} target="_blank" rel="noreferrer">{one.name}</a> : null}
              <small>{[one.owner && t('form.duplicate_owner', { name: one.owner }), i18n.exists(`form.reason.${one.reason}`) && t(`form.reason.${one.reason}`)].filter(Boolean).join(' · ')}</small>
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}
