import { useEffect, useState } from 'react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { ApiError, send } from '@/api/client'
import { useCan, useMe } from '@/api/queries'
import type { components } from '@/api/schema'
import { clearDraft, draftKey, readDraft, writeDraft } from '@/components/form/draft'
import { textOf } from '@/components/form/fields'
import { useFormat } from '@/components/format/format'
import { Button } from '@/components/ui/Button'
import { Highlighted } from '@/components/ui/Highlighted'
import { Menu } from '@/components/ui/Menu'
import { PageHeader } from '@/components/ui/PageHeader'
import { Segmented } from '@/components/ui/Segmented'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import { useDebounced } from '@/components/ui/useDebounced'
import { ComponentFields } from './ComponentFields'
import { PlanAside } from './PlanAside'
import { clauseOf, newComponent, newPlan, RATES, readPlan, writePlan, type Component, type PlanForm, type RateKind } from './planModel'
import { PublishSheet } from './PublishSheet'
import { RoundingFields, WhoFields } from './WhoFields'
import plan from '../PlanPage.module.css'
import styles from './Editor.module.css'

export type Check = components['schemas']['PlanCheckView']
type Source = components['schemas']['PlanSourceView']

/** A plan as clauses that change as one types; nothing counts before it is published as a version. */
export function PlanEditor() {
  const { t } = useTranslation()
  const { id } = useParams()
  const me = useMe()
  const may = useCan('publish_plans')
  const { data, error, refetch } = useQuery({ queryKey: ['plan-source', id], enabled: id !== undefined && may, queryFn: async ({ signal }) => (await send<Source>('GET', `/plans/${id ?? ''}/source`, { signal })).data })
  const from = `${me.company.today.slice(0, 7)}-01`
  const initial = id === undefined ? newPlan(me.company.currency, from) : data ? { ...readPlan(data.source), from } : null
  const back = id === undefined ? '/plans' : `/plans/${id}`
  if (!may) return <><PageHeader title={t('setup.plans.new')} back={back} /><Empty title={t('error.forbidden')}>{t('error.forbidden_help')}</Empty></>
  return error || !initial
    ? <><PageHeader title={t('setup.plans.edit')} back={back} />{error ? <ErrorState error={error} retry={() => void refetch()} /> : <BoneRows rows={9} height={56} />}</>
    : <Editor key={id ?? 'new'} initial={initial} known={id ?? null} back={back} />
}

function Editor({ initial, known, back }: { initial: PlanForm; known: string | null; back: string }) {
  const { t } = useTranslation()
  const me = useMe()
  const { locale } = useFormat()
  const navigate = useNavigate()
  const store = draftKey(me.user_id, 'plan', known ?? 'new')
  const [found] = useState(() => readDraft(store, new Date()))
  const [form, setForm] = useState<PlanForm>(() => (found ? JSON.parse(textOf(found.values, 'form')) as PlanForm : initial))
  const [chosen, setChosen] = useState(known === null && !found ? 0 : 1)
  const [publishing, setPublishing] = useState(false)
  const [tried, setTried] = useState(false)
  const source = writePlan(form)
  const dirty = source !== writePlan(initial)
  useEffect(() => {
    if (dirty) writeDraft(store, { values: { form: JSON.stringify(form) }, base: {}, etag: null, key: '', at: new Date().toISOString() })
    else clearDraft(store)
  }, [dirty, form, store])
  const { check, error, old } = useCheck(source)
  // What is not begun yet is not called wrong before one tries to publish.
  const mistakes = tried || known !== null || dirty ? check?.mistakes ?? [] : []
  const at = Math.min(chosen, form.components.length + 1)
  const set = (part: Partial<PlanForm>) => setForm((before) => ({ ...before, ...part }))
  const setComponent = (index: number, part: Component) => set({ components: form.components.map((one, place) => (place === index ? part : one)) })
  const add = (kind: RateKind) => { set({ components: [...form.components, newComponent(kind, form.components.map(({ id }) => id))] }); setChosen(form.components.length + 1) }
  const remove = (index: number) => { set({ components: form.components.filter((_, place) => place !== index) }); setChosen(Math.max(0, index)) }
  const component = form.components[at - 1]
  const publish = () => { setTried(true); if (check && check.mistakes.length === 0) setPublishing(true); else setChosen(clauseOf(check?.mistakes[0]?.pointer ?? '', form.components.length)) }
  const ready = check !== null && !old && !check.unchanged
  return (
    <>
      <PageHeader title={(locale === 'en' && form.en) || form.zh || form.en || t('setup.plans.new')} back={back}>
        {check && <span className={plan.tag}>{t('setup.plans.draft_of', { version: check.version })}</span>}
      </PageHeader>
      <div className={styles.editor}>
        <div className={styles.left}>
          <Clauses check={check} form={form} mistakes={mistakes} old={old} chosen={at} choose={setChosen} />
          <Menu items={RATES.map((kind) => ({ key: kind, label: t(`setup.plans.rate.${kind}`), onClick: () => add(kind) }))} opener={(props) => <Button {...props} type="link" icon={<Plus size={15} aria-hidden />}>{t('setup.plans.add')}</Button>} />
          <p className={styles.kept}>{dirty ? t('setup.plans.kept') : t('setup.plans.no_changes')}{dirty && <Button type="link" size="small" onClick={() => { clearDraft(store); setForm(initial); setTried(false) }}>{t('setup.discard')}</Button>}</p>
        </div>
        <section className={styles.middle} aria-label={t('setup.plans.edit')}>
          {error && <ErrorState error={error} />}
          {at === 0 && <WhoFields form={form} set={set} mistakes={mistakes} isNew={known === null} />}
          {component && <ComponentFields key={at} index={at - 1} part={component} change={(next) => setComponent(at - 1, next)} mistakes={mistakes} currency={form.currency} remove={form.components.length > 1 ? () => remove(at - 1) : null} />}
          {at === form.components.length + 1 && <RoundingFields form={form} set={set} />}
        </section>
        <PlanAside check={check} component={component?.id ?? null} currency={form.currency} mistakes={mistakes} components={form.components.length} choose={setChosen} />
        <footer className={styles.foot}>
          <span>{check?.unchanged ? t('setup.plans.says_the_same') : t('setup.plans.not_yet')}</span>
          <Button onClick={() => void navigate(back)}>{t('setup.plans.leave')}</Button>
          <Button type="primary" disabled={!ready} onClick={publish}>{t('setup.plans.publish', { version: check?.version ?? 1 })}</Button>
        </footer>
      </div>
      {publishing && check && <PublishSheet source={source} form={form} check={check} close={() => setPublishing(false)} done={() => clearDraft(store)} />}
    </>
  )
}

/** What the server says of the draft, once typing has rested. */
function useCheck(source: string) {
  const rested = useDebounced(source, 350)
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['plan-check', rested], placeholderData: keepPreviousData, retry: false, staleTime: 60_000,
    queryFn: async ({ signal }) => (await send<Check>('POST', '/plans/checks', { body: { source: rested }, signal })).data,
  })
  return { check: data ?? null, error: error instanceof ApiError ? error : null, old: isPlaceholderData || rested !== source }
}

function Clauses({ check, form, mistakes, old, chosen, choose }: { check: Check | null; form: PlanForm; mistakes: Check['mistakes']; old: boolean; chosen: number; choose: (clause: number) => void }) {
  const { t } = useTranslation()
  const { locale } = useFormat()
  const [language, setLanguage] = useState<'zh' | 'en'>(locale === 'en' ? 'en' : 'zh')
  const clauses = check?.clauses?.[language]
  const titles = [t('setup.plans.who'), ...form.components.map((part) => part.zh || part.en || t(`setup.plans.rate.${part.kind}`)), t('setup.plans.rounding')]
  return (
    <>
      <div className={styles.language}><h2>{t('setup.plans.clauses')}</h2><Segmented size="small" aria-label={t('setup.plans.language')} value={language} options={[{ value: 'zh', label: t('settings.chinese') }, { value: 'en', label: 'English' }]} onChange={setLanguage} /></div>
      <ol className={styles.clauses} data-old={old} lang={language === 'zh' ? 'zh-CN' : 'en'}>
        {titles.map((title, index) => {
          // While one cannot be read, the others keep their words.
          const clause = clauses?.length === titles.length ? clauses[index] : undefined
          const wrong = mistakes.filter(({ pointer }) => clauseOf(pointer, form.components.length) === index).length
          return (
            <li key={index}>
              <button type="button" className={plan.clause} aria-pressed={index === chosen} onClick={() => choose(index)}>
                <span className={plan.number}>{index + 1}</span>
                <span><strong>{clause?.title || title}{wrong > 0 && <em className={styles.wrong}>{t('setup.plans.wrong', { count: wrong })}</em>}</strong>{clause && <span className={plan.text}><Highlighted text={clause.text} words={clause.highlights} /></span>}</span>
              </button>
            </li>
          )
        })}
      </ol>
    </>
  )
}
