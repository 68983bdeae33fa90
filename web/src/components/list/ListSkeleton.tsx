import { useTranslation } from 'react-i18next'
import { Bone } from '@/components/ui/States'
import { usePhone } from '@/components/ui/useMediaQuery'
import { CARD } from './ListView'
import type { Column } from './model'
import { template } from './template'
import styles from './List.module.css'

const ROWS = 14

/** Rows as they will be, with nothing in them yet. */
export function ListSkeleton<T>({ columns }: { columns: readonly Column<T>[] }) {
  const { t } = useTranslation()
  const phone = usePhone()
  return (
    <div className={styles.skeleton} role="status" aria-label={t('state.loading')}>
      {Array.from({ length: ROWS }, (_, at) => (phone
        ? <div key={at} className={styles.row} style={{ height: CARD, display: 'flex', justifyContent: 'space-between' }}><Bone w={`${46 - (at % 3) * 8}%`} h={14} /><Bone w={72} h={14} /></div>
        : (
          <div key={at} className={styles.row} style={{ gridTemplateColumns: template(columns) }}>
            <span />{columns.map((column) => <span key={column.id} className={column.numeric ? styles.num : ''}><Bone w={`${column.numeric ? 64 : 76 - ((at + column.min) % 4) * 11}%`} h={12} /></span>)}
          </div>
        )))}
    </div>
  )
}
