import { useState } from 'react'
import { Download, LoaderCircle } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError, getUrl } from '@/api/client'
import { useCan } from '@/api/queries'
import { formatNumber } from '@/components/format/format'
import { useErrorText } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import type { KindName } from './model'
import styles from './List.module.css'

/** How long a file is kept for the browser to save it, ms. */
const KEPT_MS = 60_000

/** The rows of the list as it is narrowed and sorted, as a file that an import takes back. How many there are is said before. */
export function ExportLink({ kind, query }: { kind: KindName; query: string }) {
  const { t } = useTranslation()
  const toast = useToast()
  const text = useErrorText()
  const may = useCan('export')
  const [asked, setAsked] = useState(false)
  const [busy, setBusy] = useState(false)
  const path = `/api/v1/exports/${kind}`
  const { data } = useQuery({ queryKey: ['export-size', kind, query], queryFn: ({ signal }) => getUrl<{ rows?: number | null }>(`${path}/size?${query}`, signal), enabled: may && asked, staleTime: 15_000, retry: false })
  if (!may) return null
  const label = data?.rows == null ? t('list.export') : t('list.export_count', { count: data.rows, value: formatNumber(String(data.rows)) })
  const save = async () => {
    setBusy(true)
    try {
      const answer = await fetch(`${path}?${query}`, { credentials: 'same-origin' })
      if (!answer.ok) throw new ApiError(answer.status, (await answer.json().catch(() => ({}))) as object)
      const url = URL.createObjectURL(await answer.blob())
      const link = document.createElement('a')
      link.href = url
      link.download = `${kind}.csv`
      document.body.append(link)
      link.click()
      link.remove()
      // The browser reads it after the click.
      setTimeout(() => URL.revokeObjectURL(url), KEPT_MS)
      const rows = data?.rows
      toast({ title: rows == null ? t('list.export') : t('list.exported', { count: rows, value: formatNumber(String(rows)) }), detail: `${kind}.csv` })
    } catch (error) {
      toast({ title: text(error instanceof TypeError ? new ApiError(0, { code: 'offline' }) : error), tone: 'behind' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <button type="button" className={styles.icon} onClick={() => void save()} disabled={busy} onPointerEnter={() => setAsked(true)} onFocus={() => setAsked(true)} aria-label={busy ? t('list.exporting') : label} title={label} aria-busy={busy}>
      {busy ? <LoaderCircle size={15} aria-hidden className={styles.spin} /> : <Download size={15} aria-hidden />}
    </button>
  )
}
