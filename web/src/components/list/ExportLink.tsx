import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/api/queries'
import type { KindName } from './model'
import styles from './List.module.css'

/** All rows of the kind in one's scope as a file that an import takes back. */
export function ExportLink({ kind }: { kind: KindName }) {
  const { t } = useTranslation()
  if (!useCan('export')) return null
  return <a className={styles.icon} href={`/api/v1/exports/${kind}`} download aria-label={t('list.export')} title={t('list.export')}><Download size={15} aria-hidden /></a>
}
