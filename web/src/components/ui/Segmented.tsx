import { useId, type ReactNode } from 'react'
import styles from './Segmented.module.css'

interface Option<V> { value: V; label: ReactNode; disabled?: boolean }
interface Props<V> {
  value: V
  onChange: (value: V) => void
  options: readonly Option<V>[]
  size?: 'small' | 'middle'
  /** As wide as what it stands in. */
  block?: boolean
  className?: string
  'aria-label'?: string
  'aria-labelledby'?: string
}

/** One of a few, all seen: native radio buttons in one frame; the arrow keys change it. */
export function Segmented<V extends string>({ value, onChange, options, size = 'middle', block = false, className, ...named }: Props<V>) {
  const name = useId()
  return (
    <div role="radiogroup" {...named} className={`${styles.group} ${className ?? ''}`} data-size={size} data-block={block || undefined} data-segmented>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} checked={option.value === value} disabled={option.disabled} onChange={() => onChange(option.value)} />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  )
}
