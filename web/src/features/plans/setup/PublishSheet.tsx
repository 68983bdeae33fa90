import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { send } from '@/api/client'
import { useMe } from '@/api/queries'
import { useWrite } from '@/components/form/useWrite'
import { Sheet } from '@/components/list/Sheet'
import { Button } from '@/components/ui/Button'
import { useToast } from '@/components/ui/Toast'
import type { PlanForm } from './planModel'
import { Touched } from './PlanAside'
import type { Check } from './PlanEditor'
import styles from './Editor.module.css'

const STALE = [['plans'], ['plan-source'], ['plan-curves'], ['estimate'], ['attainment'], ['why']] as const

/** Before a version counts one is told from when, and for whom. */
export function PublishSheet({ source, form, check, close, done }: { source: string; form: PlanForm; check: Check; close: () => void; done: () => void }) {
  const { t } = useTranslation()
  const { today } = useMe().company
  const toast = useToast()
  const navigate = useNavigate()
  const { busy, problems, write } = useWrite(STALE)
  const publish = async () => {
    const answer = await write(() => send<{ id: string; version: number }>('POST', '/plans', { body: { source } }))
    if (!answer) return
    done()
    toast({ title: t('setup.plans.published', { version: answer.data.version }), tone: 'ahead' })
    void navigate(`/plans/${answer.data.id}?version=${answer.data.version}`, { replace: true })
  }
  const wrong = Object.values(problems)
  return (
    <Sheet
      title={t('setup.plans.publish', { version: check.version })} close={close}
      foot={<><Button onClick={close}>{t('setup.cancel')}</Button><Button type="primary" loading={busy} onClick={() => void publish()}>{t('setup.plans.publish_go', { count: check.touched.joining.length + check.touched.staying.length })}</Button></>}
    >
      <div className={styles.publish}>
        <p>{t('setup.plans.publish_from', { date: form.from })}</p>
        {form.from <= today && <p className={styles.warn}>{t('setup.plans.publish_past')}</p>}
        <Touched check={check} />
        {wrong.length > 0 && <ul className={styles.mistakes} role="alert">{wrong.map((text) => <li key={text}>{text}</li>)}</ul>}
      </div>
    </Sheet>
  )
}
