import { Paperclip } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from './attachments'
import { contentOf } from './attachments'
import styles from './Attachments.module.css'

/** Files of an event: pictures as thumbnails, others by name. */
export function Thumbnails({ files }: { files: readonly Attachment[] }) {
  const { t } = useTranslation()
  if (files.length === 0) return null
  return (
    <ul className={styles.thumbs}>
      {files.map((file) => (
        <li key={file.id}>
          <a href={contentOf(file)} target="_blank" rel="noreferrer" title={file.file_name} aria-label={t('attachments.open', { name: file.file_name })}>
            {file.image ? <img src={contentOf(file)} alt={file.file_name} loading="lazy" decoding="async" width={72} height={72} /> : <span className={styles.file}><Paperclip size={13} aria-hidden /><bdi>{file.file_name}</bdi></span>}
          </a>
        </li>
      ))}
    </ul>
  )
}
