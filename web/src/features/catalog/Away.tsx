import { useTranslation } from 'react-i18next'
import { bringBack, putAway, STALE } from '@/api/catalog'
import { useWrite } from '@/components/form/useWrite'
import { Button } from '@/components/ui/Button'
import { useToast } from '@/components/ui/Toast'

/** Puts a row of the catalog away, with the offer to take that back; or brings one back. */
export function Away({ part, row, archived }: { part: 'products' | 'product-lines'; row: { id: string; name: string; version: number }; archived: boolean }) {
  const { t } = useTranslation()
  const toast = useToast()
  const { busy, write } = useWrite(STALE)
  const back = async () => {
    if (await write(() => bringBack(part, row.id))) toast({ title: t('setup.back', { name: row.name }), tone: 'ahead' })
  }
  const away = async () => {
    if (await write(() => putAway(part, row))) toast({ title: t('setup.gone', { name: row.name }), action: { label: t('setup.undo'), run: () => void back() } })
  }
  return <Button type="link" size="small" disabled={busy} onClick={() => void (archived ? back() : away())} aria-label={`${t(archived ? 'setup.bring_back' : 'setup.put_away')} ${row.name}`}>{t(archived ? 'setup.bring_back' : 'setup.put_away')}</Button>
}
