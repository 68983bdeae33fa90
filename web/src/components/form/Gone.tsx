import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/Button'
import type { Field, Values } from './fields'
import { GoneView } from './GoneView'
import styles from './Form.module.css'

/** A form whose record is not there (any more): with the draft that somebody has of it. */
export function Gone({ fields, values, title, close }: { fields: readonly Field[]; values: Values; title: string; close: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={styles.form}>
      <header className={styles.head}><h2>{title}</h2></header>
      <div className={styles.body}><GoneView fields={fields} values={values} /></div>
      <footer className={styles.foot}><div className={styles.buttons}><Button onClick={close}>{t('action.close')}</Button></div></footer>
    </div>
  )
}
