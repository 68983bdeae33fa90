import { useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Select } from '@/components/antd/Select'
import { Input } from '@/components/antd/controls'
import { Button } from '@/components/ui/Button'
import { factFields, SIGNS, type Sign, type Test } from './conditions'
import styles from './Conditions.module.css'

interface Props { tests: readonly Test[] | null; change: (tests: Test[]) => void; /** Fields that stand elsewhere. */ without?: readonly string[]; disabled?: boolean }

/** Which facts count: all of the tests have to hold. What the form cannot say is shown as unchanged. */
export function ConditionEditor({ tests, change, without = [], disabled = false }: Props) {
  const { t } = useTranslation()
  const { data } = useQuery(factFields())
  if (tests === null) return <p className={styles.note}>{t('setup.conditions.kept')}</p>
  const fields = (data?.fields ?? []).filter(({ field }) => !without.includes(field))
  const put = (at: number, test: Test) => change(tests.map((one, index) => (index === at ? test : one)))
  return (
    <div className={styles.tests}>
      {tests.map((test, at) => {
        const known = fields.find(({ field }) => field === test.field)
        const number = known?.is_number ?? test.sign !== 'is'
        const options = [...fields.map(({ field, name }) => ({ value: field, label: name })), ...(test.field && !known ? [{ value: test.field, label: test.field }] : [])]
        return (
          <div key={at} className={styles.test}>
            <Select aria-label={t('setup.conditions.field')} placeholder={t('setup.conditions.field')} value={test.field || undefined} disabled={disabled} options={options} showSearch={{ optionFilterProp: 'label' }} popupMatchSelectWidth={180} onChange={(field) => put(at, { field, sign: fields.find((one) => one.field === field)?.is_number ? '>=' : 'is', values: [] })} />
            {number
              ? (
                <>
                  <Select aria-label={t('setup.conditions.sign')} value={test.sign} disabled={disabled} options={SIGNS.map((sign) => ({ value: sign, label: t(`setup.conditions.signs.${SIGN_KEYS[sign]}`) }))} onChange={(sign: Sign) => put(at, { ...test, sign })} popupMatchSelectWidth={false} />
                  <Input aria-label={t('setup.conditions.value')} inputMode="decimal" value={test.values[0] ?? ''} disabled={disabled} onChange={(event) => put(at, { ...test, values: [event.target.value] })} />
                </>
              )
              : (
                <>
                  <span className={styles.is}>{t('setup.conditions.is')}</span>
                  <Select mode={known && known.values.length > 0 ? 'multiple' : 'tags'} aria-label={t('setup.conditions.value')} placeholder={t('setup.conditions.value')} value={[...test.values]} disabled={disabled} options={known?.values.map(({ value, name }) => ({ value, label: name }))} onChange={(values: string[]) => put(at, { ...test, values })} className={styles.values} maxTagCount="responsive" />
                </>
              )}
            <Button type="text" icon={<X size={14} aria-hidden />} disabled={disabled} aria-label={t('setup.conditions.remove')} onClick={() => change(tests.filter((_, index) => index !== at))} />
          </div>
        )
      })}
      <Button type="link" size="small" className={styles.add} icon={<Plus size={14} aria-hidden />} disabled={disabled} onClick={() => change([...tests, { field: '', sign: 'is', values: [] }])}>{t('setup.conditions.add')}</Button>
    </div>
  )
}

const SIGN_KEYS = { '>=': 'at_least', '>': 'more', '<=': 'at_most', '<': 'less' } as const
