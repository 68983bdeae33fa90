import { useState, type ComponentProps } from 'react'
import { Eye, EyeOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import styles from './TextInput.module.css'

/** A line of text where nothing more than the browser's own is wanted. */
export function TextInput({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={`${styles.input} ${className ?? ''}`} />
}

/** A password, which can be looked at. */
export function PasswordInput({ className, ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  const { t } = useTranslation()
  const [seen, setSeen] = useState(false)
  return (
    <span className={`${styles.password} ${className ?? ''}`}>
      <TextInput {...rest} type={seen ? 'text' : 'password'} autoCapitalize="off" spellCheck={false} />
      <button type="button" onClick={() => setSeen(!seen)} aria-label={t('session.show_password')} aria-pressed={seen} aria-controls={rest.id}>
        {seen ? <Eye size={15} aria-hidden /> : <EyeOff size={15} aria-hidden />}
      </button>
    </span>
  )
}
