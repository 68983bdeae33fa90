import type { ReactNode } from 'react'
import styles from './Form.module.css'

/** A control below its name, with what is wrong with it. `half`: two stand beside each other. */
export function Labelled({ id, label, problem, help, required = false, half = false, children }: { id: string; label: string; problem?: string; help?: string; required?: boolean; half?: boolean; children: ReactNode }) {
  return (
    <div className={styles.field} data-half={half || undefined} data-problem={problem ? true : undefined}>
      <label className={styles.label} htmlFor={id}>{label}{required && <span className={styles.required} aria-hidden="true">*</span>}</label>
      {children}
      {help && !problem && <p className={styles.help}>{help}</p>}
      {problem && <p className={styles.problem} id={`${id}-problem`} role="alert">{problem}</p>}
    </div>
  )
}

/** Labelled controls in two columns; one on the phone. */
export const Fields = ({ children }: { children: ReactNode }) => <div className={styles.fields}>{children}</div>
