import { useState } from 'react'
import { CircleOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/Button'
import { textOf, type Field, type Values } from './fields'
import styles from './Form.module.css'

/** The record went away under the form: what was typed stays for copying. */
export function GoneView({ fields, values }: { fields: readonly Field[]; values: Values }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  const lines = fields.flatMap((field) => {
    const value = values[field.key]
    const text = typeof value === 'string' ? textOf(values, field.key) : (value ?? []).map((row) => Object.values(row).filter(Boolean).join(' ')).join('; ')
    return text ? [`${t(field.label)}: ${text}`] : []
  })
  const copy = () => navigator.clipboard.writeText(lines.join('\n')).then(() => setCopied('yes'), () => setCopied('failed'))
  return (
    <section className={styles.gone} role="alert" data-testid="gone">
      <header><CircleOff size={16} aria-hidden /><strong>{t('form.gone.title')}</strong></header>
      <p>{t('form.gone.help')}</p>
      {lines.length > 0 && (
        <>
          <p>{t('form.gone.draft')}</p>
          <pre dir="auto">{lines.join('\n')}</pre>
          <Button onClick={() => void copy()}>{t(copied === 'yes' ? 'form.gone.copied' : copied === 'failed' ? 'why.copy_failed' : 'form.gone.copy')}</Button>
        </>
      )}
    </section>
  )
}
