import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { send } from '@/api/client'
import { organisation, type Token } from '@/api/organisation'
import { useMe } from '@/api/queries'
import { SheetForm, type SmallValues } from '@/components/form/SheetForm'
import { formatMoment } from '@/components/format/format'
import { Sheet } from '@/components/list/Sheet'
import { Button } from '@/components/ui/Button'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import table from '@/components/ui/table.module.css'
import { Secret } from './Secret'
import { useAttempt, useSaved } from './useSaved'
import styles from './Page.module.css'

/** The tokens by which one's scripts sign in. */
export function TokensPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(organisation.tokens())
  const [making, setMaking] = useState(false)
  const create = <Button type="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t('organisation.new_token')}</Button>
  return (
    <div className={styles.page}>
      <SettingsHeader title={t('organisation.tokens')}>{data?.length !== 0 && create}</SettingsHeader>
      <p className={styles.help}>{t('organisation.tokens_help')} <Link to="/api/docs">{t('settings.api_open')}</Link></p>
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : !data ? <BoneRows rows={4} /> : data.length === 0
        ? <Empty title={t('organisation.no_tokens')} action={create}>{t('organisation.no_tokens_help')}</Empty>
        : <Tokens rows={data} />}
      {making && <NewToken close={() => setMaking(false)} />}
    </div>
  )
}

function Tokens({ rows }: { rows: Token[] }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const saved = useSaved()
  const attempt = useAttempt()
  const [asked, setAsked] = useState<Token | null>(null)
  const revoke = ({ id, name }: Token) => attempt(async () => {
    setAsked(null)
    await send('DELETE', `/tokens/${id}`)
    saved({ title: t('organisation.token_revoked', { name }) })
  })
  return (
    <div className={table.scroll}>
      <table className={table.table}>
        <thead><tr><th scope="col">{t('organisation.token_for')}</th><th scope="col">{t('organisation.made_at')}</th><th scope="col">{t('organisation.state.label')}</th><th scope="col"><span className="visually-hidden">{t('organisation.revoke')}</span></th></tr></thead>
        <tbody>
          {rows.map((token) => (
            <tr key={token.id}>
              <td className={styles.name}>{token.name}</td>
              <td className={table.date}>{formatMoment(token.created_at, company.timezone)}</td>
              <td><span className={styles.state} data-off={token.revoked}>{t(token.revoked ? 'organisation.token_off' : 'organisation.token_on')}</span></td>
              <td className={table.num}>{!token.revoked && <Button size="small" danger onClick={() => setAsked(token)}>{t('organisation.revoke')}</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {asked && (
        <Sheet title={t('organisation.revoke_of', { name: asked.name })} close={() => setAsked(null)} foot={<><Button onClick={() => setAsked(null)}>{t('form.cancel')}</Button><Button danger type="primary" onClick={() => revoke(asked)}>{t('organisation.revoke')}</Button></>}>
          <p className={styles.help}>{t('organisation.revoke_help')}</p>
        </Sheet>
      )}
    </div>
  )
}

function NewToken({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const saved = useSaved()
  const [token, setToken] = useState<string | null>(null)
  const save = async (values: SmallValues) => {
    const { data } = await send<Token>('POST', '/tokens', { body: { name: values.name } })
    saved({ title: t('organisation.token_made', { name: data.name }) })
    setToken(data.token ?? null)
  }
  if (token) {
    return (
      <Sheet title={t('organisation.new_token')} close={close} foot={<Button type="primary" onClick={close}>{t('organisation.noted')}</Button>}>
        <p className={styles.help}>{t('organisation.token_once')}</p>
        <Secret value={token} />
      </Sheet>
    )
  }
  return <SheetForm title={t('organisation.new_token')} close={close} fields={[{ key: 'name', label: t('organisation.token_for'), kind: 'text', required: true, help: t('organisation.token_for_help') }]} initial={{ name: '' }} save={save} saveLabel={t('organisation.make')} />
}
