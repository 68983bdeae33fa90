import { useState } from 'react'
import { Check, Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/Button'
import styles from './Page.module.css'

/** What is shown once, and a button that copies it; where the browser forbids that, it is chosen by a click. */
export function Secret({ value }: { value: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value)
      setCopied(true)
    } catch {
      setCopied(false)
    }
  }
  return (
    <div className={styles.secret} data-testid="secret">
      <code>{value}</code>
      <Button icon={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />} onClick={() => void copy()}>{t(copied ? 'organisation.copied' : 'organisation.copy')}</Button>
    </div>
  )
}
