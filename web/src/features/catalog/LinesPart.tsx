import { useState, type FormEvent } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { catalogQueries, save, STALE, type Line } from '@/api/catalog'
import { useCan } from '@/api/queries'
import { Fields, Labelled } from '@/components/form/Labelled'
import { TextControl } from '@/components/form/controls'
import { useWrite } from '@/components/form/useWrite'
import { Button } from '@/components/ui/Button'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import table from '@/components/ui/table.module.css'
import { Away } from './Away'
import styles from './Catalog.module.css'

/** The lines that products belong to, and how many belong to each. */
export function LinesPart({ archived }: { archived: boolean }) {
  const { t } = useTranslation()
  const edits = useCan('manage_catalog')
  const { data, error, refetch } = useQuery(catalogQueries.lines(archived))
  const { data: products = [] } = useQuery(catalogQueries.products(false))
  const [open, setOpen] = useState<string | null>(null)
  const add = edits && !archived && <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setOpen('new')}>{t('setup.lines.new')}</Button>
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <BoneRows rows={5} />
  return (
    <>
      <div className={styles.tools}><span className={styles.grow} />{data.length > 0 && add}</div>
      {open === 'new' && <LineForm line={null} close={() => setOpen(null)} />}
      {data.length === 0 ? open !== 'new' && <Empty title={t(archived ? 'setup.none_away' : 'setup.lines.none')} action={add}>{!archived && t('setup.lines.none_help')}</Empty> : (
        <table className={table.table}>
          <thead><tr><th scope="col">{t('setup.products.code')}</th><th scope="col">{t('setup.products.name')}</th><th scope="col" className={table.num}>{t('setup.lines.products')}</th><th scope="col"><span className="visually-hidden">{t('setup.actions')}</span></th></tr></thead>
          <tbody>
            {data.map((line) => (open === line.id
              ? <tr key={line.id} className={styles.editing}><td colSpan={4}><LineForm line={line} close={() => setOpen(null)} /></td></tr>
              : (
                <tr key={line.id}>
                  <td className={table.second}>{line.code}</td>
                  <td className={table.strong}>{edits && !archived ? <button type="button" className={styles.name} onClick={() => setOpen(line.id)}>{line.name}</button> : line.name}</td>
                  <td className={table.num}>{products.filter((product) => product.product_line_id === line.id).length}</td>
                  <td className={styles.act}>{edits && <Away part="product-lines" row={line} archived={archived} />}</td>
                </tr>
              )))}
          </tbody>
        </table>
      )}
    </>
  )
}

function LineForm({ line, close }: { line: Line | null; close: () => void }) {
  const { t } = useTranslation()
  const toast = useToast()
  const { busy, problems, write } = useWrite(STALE)
  const [code, setCode] = useState(line?.code ?? '')
  const [name, setName] = useState(line?.name ?? '')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (await write(() => save('product-lines', line ? { name } : { code, name }, line))) {
      toast({ title: t(line ? 'setup.saved' : 'setup.lines.made', { name }), tone: 'ahead' })
      close()
    }
  }
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape for the controls inside
    <form className={styles.form} onSubmit={(event) => void submit(event)} onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); close() } }} aria-label={t(line ? 'setup.lines.edit' : 'setup.lines.new')}>
      <Fields>
        <Labelled id="line-code" label={t('setup.products.code')} problem={problems['/code']} help={t('setup.lines.code_help')} half required><TextControl id="line-code" label={t('setup.products.code')} value={code} change={setCode} disabled={busy || line !== null} invalid={problems['/code'] !== undefined} /></Labelled>
        <Labelled id="line-name" label={t('setup.products.name')} problem={problems['/name']} half required><TextControl id="line-name" label={t('setup.products.name')} value={name} change={setName} disabled={busy} invalid={problems['/name'] !== undefined} /></Labelled>
      </Fields>
      <div className={styles.buttons}><Button onClick={close}>{t('setup.cancel')}</Button><Button type="primary" htmlType="submit" loading={busy}>{t('setup.save')}</Button></div>
    </form>
  )
}
