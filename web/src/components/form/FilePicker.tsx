import { useRef, useState } from 'react'
import { Camera, Paperclip, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/Button'
import { usePhone } from '@/components/ui/useMediaQuery'
import { MOST_BYTES } from './files'
import styles from './FilePicker.module.css'

/** Files that go with a record once it is saved. On the phone the camera is one tap away. */
export function FilePicker({ files, change }: { files: readonly File[]; change: (files: readonly File[]) => void }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const [problem, setProblem] = useState(false)
  const camera = useRef<HTMLInputElement>(null)
  const any = useRef<HTMLInputElement>(null)
  const take = (input: HTMLInputElement) => {
    const chosen = [...(input.files ?? [])]
    input.value = ''
    const fitting = chosen.filter((file) => file.size <= MOST_BYTES)
    setProblem(fitting.length < chosen.length)
    change([...files, ...fitting])
  }
  return (
    <div className={styles.files}>
      <div className={styles.buttons}>
        {phone && <Button icon={<Camera size={16} aria-hidden />} onClick={() => camera.current?.click()}>{t('attachments.photo')}</Button>}
        <Button icon={<Paperclip size={16} aria-hidden />} onClick={() => any.current?.click()}>{t(phone ? 'attachments.add' : 'attachments.take')}</Button>
        <input ref={camera} type="file" accept="image/*" capture="environment" hidden aria-label={t('attachments.photo')} data-testid="camera" onChange={(event) => take(event.currentTarget)} />
        <input ref={any} type="file" multiple hidden aria-label={t('attachments.add')} data-testid="files" onChange={(event) => take(event.currentTarget)} />
      </div>
      {files.length > 0 && (
        <ul className={styles.list} aria-label={t('attachments.pending', { count: files.length })}>
          {files.map((file, index) => (
            <li key={`${file.name} ${index}`}><Paperclip size={13} aria-hidden /><bdi>{file.name}</bdi>
              <button type="button" onClick={() => change(files.filter((_, at) => at !== index))} aria-label={`${t('attachments.remove')} ${file.name}`}><X size={14} aria-hidden /></button>
            </li>
          ))}
        </ul>
      )}
      {problem && <p role="alert" className={styles.problem}>{t('attachments.too_large')}</p>}
    </div>
  )
}
