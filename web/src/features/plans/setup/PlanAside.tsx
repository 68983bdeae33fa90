import { lazy, Suspense } from 'react'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/components/format/format'
import { Bone } from '@/components/ui/States'
import { clauseOf } from './planModel'
import type { Check } from './PlanEditor'
import styles from './Editor.module.css'

const CurveChart = lazy(() => import('../CurveChart').then((module) => ({ default: module.CurveChart })))

interface Props { check: Check | null; component: string | null; currency: string; mistakes: Check['mistakes']; components: number; choose: (clause: number) => void }

/** What follows from the draft: what is wrong with it, what it pays, whom it touches. */
export function PlanAside({ check, component, currency, mistakes, components, choose }: Props) {
  const { t } = useTranslation()
  const curve = check?.curves.find((one) => one.component === component)
  return (
    <aside className={styles.side}>
      <h2>{t('setup.plans.check')}</h2>
      {!check ? <Bone h={40} /> : mistakes.length === 0
        ? check.mistakes.length > 0 ? <p className={styles.nobody}>{t('setup.plans.not_begun')}</p> : <p className={styles.right}><CircleCheck size={15} aria-hidden />{t('setup.plans.right')}</p>
        : <ul className={styles.list}>{mistakes.map((mistake, index) => <li key={index}><button type="button" onClick={() => choose(clauseOf(mistake.pointer, components))}><CircleAlert size={15} aria-hidden /><span><small>{t('plans.clause', { number: clauseOf(mistake.pointer, components) + 1 })}</small>{mistake.detail}</span></button></li>)}</ul>}
      {curve && (
        <>
          <h2>{t('plans.curve.title')}</h2>
          <Suspense fallback={<Bone h={264} />}><CurveChart curve={curve} currency={currency} /></Suspense>
        </>
      )}
      {check && <Touched check={check} />}
    </aside>
  )
}

const FIRST = 6

/** Who comes under the plan, who stays, who leaves. */
export function Touched({ check }: { check: Check }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { touched } = check
  const parts = (['joining', 'staying', 'leaving'] as const).filter((part) => touched[part].length > 0)
  return (
    <>
      <h2>{t('setup.plans.touched.title')}</h2>
      {parts.length === 0 && <p className={styles.nobody}>{t('setup.plans.touched.nobody')}</p>}
      <dl className={styles.touched}>
        {parts.map((part) => {
          const people = touched[part]
          const names = format.list(people.slice(0, FIRST).map(({ name }) => name))
          return <div key={part}><dt>{t(`setup.plans.touched.${part}`, { count: people.length })}</dt><dd>{people.length > FIRST ? t('setup.plans.touched.and_more', { names, count: people.length - FIRST }) : names}</dd></div>
        })}
      </dl>
    </>
  )
}
