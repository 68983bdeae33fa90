import styles from './Toggle.module.css'

/** On or off, with its name beside it. */
export function Toggle({ id, label, on, change, disabled, describedBy }: { id?: string; label: string; on: boolean; change: (on: boolean) => void; disabled?: boolean; describedBy?: string }) {
  return (
    <label className={styles.toggle}>
      <input id={id} type="checkbox" role="switch" checked={on} disabled={disabled} aria-describedby={describedBy} onChange={(event) => change(event.target.checked)} />
      <span className={styles.track} aria-hidden="true" />
      <span>{label}</span>
    </label>
  )
}
