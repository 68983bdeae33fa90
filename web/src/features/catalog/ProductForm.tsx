import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { save, STALE, type Line } from '@/api/catalog'
import type { Product } from '@/api/types'
import { Fields, Labelled } from '@/components/form/Labelled'
import { ChoiceControl, MoneyControl, PercentControl, TextControl } from '@/components/form/controls'
import { percentToShare, readNumber, shareToPercent } from '@/components/form/money'
import { useWrite } from '@/components/form/useWrite'
import { Button } from '@/components/ui/Button'
import { useToast } from '@/components/ui/Toast'
import styles from './Catalog.module.css'

/** A product in its row: Enter saves, Escape leaves it as it was. */
export function ProductForm({ product, lines, close }: { product: Product | null; lines: Line[]; close: () => void }) {
  const { t } = useTranslation()
  const toast = useToast()
  const { busy, problems, write } = useWrite(STALE)
  const [values, setValues] = useState({
    code: product?.code ?? '', name: product?.name ?? '', line: product?.product_line_id ?? '', price: product?.list_price?.amount ?? '', cost: product?.cost?.amount ?? '',
    rate: shareToPercent(product?.tax_rate), unit: product?.unit ?? '',
  })
  const set = (key: keyof typeof values) => (value: string) => setValues((before) => ({ ...before, [key]: value }))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const body = {
      code: values.code, name: values.name, product_line_id: values.line || null, unit: values.unit.trim() || null,
      list_price: values.price.trim() ? { amount: readNumber(values.price) ?? values.price } : null,
      cost: values.cost.trim() ? { amount: readNumber(values.cost) ?? values.cost } : null,
      tax_rate: values.rate.trim() ? percentToShare(values.rate) ?? values.rate : null,
    }
    if (await write(() => save('products', body, product))) {
      toast({ title: t(product ? 'setup.saved' : 'setup.products.made', { name: values.name }), tone: 'ahead' })
      close()
    }
  }
  const problem = { code: problems['/code'], name: problems['/name'], line: problems['/product_line_id'], price: problems['/list_price/amount'] ?? problems['/list_price'], cost: problems['/cost/amount'] ?? problems['/cost'], rate: problems['/tax_rate'], unit: problems['/unit'] }
  const control = (key: keyof typeof values) => ({ id: `product-${key}`, label: t(`setup.products.field.${key}`), value: values[key], change: set(key), disabled: busy, invalid: problem[key] !== undefined })
  const field = (key: keyof typeof values) => ({ id: `product-${key}`, label: t(`setup.products.field.${key}`), problem: problem[key], half: true })
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape for the controls inside
    <form className={styles.form} onSubmit={(event) => void submit(event)} onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); close() } }} aria-label={t(product ? 'setup.products.edit' : 'setup.products.new')}>
      <Fields>
        <Labelled {...field('code')} required><TextControl {...control('code')} /></Labelled>
        <Labelled {...field('name')} required><TextControl {...control('name')} /></Labelled>
        <Labelled {...field('line')}><ChoiceControl {...control('line')} options={lines.map(({ id, name }) => ({ value: id, label: name }))} clearable /></Labelled>
        <Labelled {...field('price')}><MoneyControl {...control('price')} /></Labelled>
        <Labelled {...field('cost')}><MoneyControl {...control('cost')} /></Labelled>
        <Labelled {...field('rate')}><PercentControl {...control('rate')} /></Labelled>
        <Labelled {...field('unit')}><TextControl {...control('unit')} /></Labelled>
      </Fields>
      <div className={styles.buttons}><Button onClick={close}>{t('setup.cancel')}</Button><Button type="primary" htmlType="submit" loading={busy}>{t('setup.save')}</Button></div>
    </form>
  )
}
