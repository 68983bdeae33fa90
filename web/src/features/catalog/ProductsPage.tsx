import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { catalogQueries, type Line } from '@/api/catalog'
import { useCan } from '@/api/queries'
import type { Product } from '@/api/types'
import { Select } from '@/components/antd/Select'
import { Input } from '@/components/antd/controls'
import { formatRate, useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { SettingsHeader } from '@/components/ui/SettingsHeader'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import { useFilters } from '@/components/ui/paramsState'
import table from '@/components/ui/table.module.css'
import { usePhone } from '@/components/ui/useMediaQuery'
import { Away } from './Away'
import { sorted, type SortKey } from './sorted'
import { LinesPart } from './LinesPart'
import { ProductForm } from './ProductForm'
import styles from './Catalog.module.css'

/** What is sold: products, and the lines they belong to. */
export function ProductsPage() {
  const { t } = useTranslation()
  const [params, set] = useFilters()
  const part = params.get('part') === 'lines' ? 'lines' : 'products'
  const archived = params.get('archived') === 'true'
  return (
    <>
      <SettingsHeader title={t('setup.products.title')} />
      <div className={styles.page}>
        <div className={styles.parts} role="group" aria-label={t('setup.products.title')}>
          {(['products', 'lines'] as const).map((one) => <button key={one} type="button" aria-pressed={part === one} onClick={() => set({ part: one === 'products' ? null : one, archived: null, q: null, line: null })}>{t(`setup.products.part.${one}`)}</button>)}
          <label className={styles.away}><input type="checkbox" checked={archived} onChange={(event) => set({ archived: event.target.checked ? 'true' : null })} />{t('setup.away')}</label>
        </div>
        {part === 'lines' ? <LinesPart archived={archived} /> : <Products archived={archived} />}
      </div>
    </>
  )
}

function Products({ archived }: { archived: boolean }) {
  const { t } = useTranslation()
  const [params, set] = useFilters()
  const edits = useCan('manage_catalog')
  const { data, error, refetch } = useQuery(catalogQueries.products(archived))
  const { data: lines = [] } = useQuery(catalogQueries.lines(false))
  const [open, setOpen] = useState<string | null>(null)
  const q = (params.get('q') ?? '').trim().toLowerCase()
  const line = params.get('line')
  const rows = (data ?? []).filter((row) => (!q || row.name.toLowerCase().includes(q) || row.code.toLowerCase().includes(q)) && (!line || row.product_line === line))
  const add = edits && !archived && <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setOpen('new')}>{t('setup.products.new')}</Button>
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <BoneRows rows={8} />
  return (
    <>
      <div className={styles.tools}>
        <Input allowClear placeholder={t('setup.products.find')} aria-label={t('setup.products.find')} value={params.get('q') ?? ''} onChange={(event) => set({ q: event.target.value || null })} />
        <Select allowClear placeholder={t('setup.products.all_lines')} aria-label={t('setup.products.line')} value={line ?? undefined} options={lines.map(({ code, name }) => ({ value: code, label: name }))} onChange={(next: string | undefined) => set({ line: next ?? null })} popupMatchSelectWidth={false} />
        <span className={styles.grow} />
        {data.length > 0 && add}
      </div>
      {open === 'new' && <ProductForm product={null} lines={lines} close={() => setOpen(null)} />}
      {rows.length === 0
        ? open !== 'new' && <Empty title={t(data.length > 0 ? 'setup.none_found' : archived ? 'setup.none_away' : 'setup.products.none')} action={data.length === 0 && add}>{data.length === 0 && !archived && t('setup.products.none_help')}</Empty>
        : <ProductTable rows={rows} lines={lines} archived={archived} edits={edits} open={open} setOpen={setOpen} />}
    </>
  )
}

const COLUMNS: readonly SortKey[] = ['code', 'name', 'product_line', 'list_price']

function ProductTable({ rows, lines, archived, edits, open, setOpen }: { rows: Product[]; lines: Line[]; archived: boolean; edits: boolean; open: string | null; setOpen: (id: string | null) => void }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const format = useFormat()
  const [params, set] = useFilters()
  const sort = params.get('sort') ?? 'code'
  const down = sort.startsWith('-')
  const by = COLUMNS.find((one) => one === sort.replace('-', '')) ?? 'code'
  const nameOf = (code: string | null | undefined) => lines.find((line) => line.code === code)?.name ?? code ?? '\u2014'
  // Every price has the digits of the company's currency: without the point they compare as whole numbers.
  const key = (row: Product) => (by === 'list_price' ? (row.list_price ? BigInt(row.list_price.amount.replace('.', '')) : null) : by === 'product_line' ? row.product_line && nameOf(row.product_line) : row[by])
  const head = (column: SortKey, numeric = false) => (
    <th scope="col" className={numeric ? table.num : ''} aria-sort={by === column ? (down ? 'descending' : 'ascending') : undefined}>
      <button type="button" className={styles.sort} onClick={() => set({ sort: by === column && !down ? `-${column}` : column === 'code' ? null : column })}>{t(`setup.products.${column}`)}{by === column && (down ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />)}</button>
    </th>
  )
  return (
    <div className={table.scroll}>
      <table className={table.table}>
        <thead><tr>{head('code')}{head('name')}{!phone && head('product_line')}{head('list_price', true)}{!phone && <><th scope="col" className={table.num}>{t('setup.products.tax_rate')}</th><th scope="col">{t('setup.products.unit')}</th></>}<th scope="col"><span className="visually-hidden">{t('setup.actions')}</span></th></tr></thead>
        <tbody>
          {sorted(rows, key, down).map((row) => (open === row.id
            ? <tr key={row.id} className={styles.editing}><td colSpan={phone ? 4 : 7}><ProductForm product={row} lines={lines} close={() => setOpen(null)} /></td></tr>
            : (
              <tr key={row.id}>
                <td className={table.second}>{row.code}</td>
                <td className={table.strong}>{edits && !archived ? <button type="button" className={styles.name} onClick={() => setOpen(row.id)}>{row.name}</button> : row.name}{phone && row.product_line && <small className={styles.below}>{nameOf(row.product_line)}</small>}</td>
                {!phone && <td className={table.second}>{nameOf(row.product_line)}</td>}
                <td className={table.num}>{row.list_price ? format.money(row.list_price.amount, row.list_price.currency) : '\u2014'}</td>
                {!phone && <><td className={table.num}>{row.tax_rate ? formatRate(row.tax_rate) : '\u2014'}</td><td className={table.second}>{row.unit ?? '\u2014'}</td></>}
                <td className={styles.act}>{edits && <Away part="products" row={row} archived={archived} />}</td>
              </tr>
            )))}
        </tbody>
      </table>
    </div>
  )
}
