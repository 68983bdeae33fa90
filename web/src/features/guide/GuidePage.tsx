import { useEffect, useRef, type MouseEvent } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useNavigate, useParams } from 'react-router'
import { useMe } from '@/api/queries'
import { useFormat } from '@/components/format/format'
import { PageHeader } from '@/components/ui/PageHeader'
import { Bone, Empty, ErrorState } from '@/components/ui/States'
import { GUIDE_ROLES, isGuideRole, loadGuide, type GuideRole } from './texts'
import type { GuideHeading } from '../../../scripts/guide'
import styles from './Guide.module.css'

/** What each role does with Qiao, step by step; it opens at the asker's own role. */
export function GuidePage() {
  const { t } = useTranslation()
  const me = useMe()
  const asked = useParams().role
  const role = asked ?? me.role
  return (
    <>
      <PageHeader title={t('menu.guide')} />
      {isGuideRole(role) ? <Guide role={role} own={me.role} /> : <Empty title={t('error.not_found')}>{t('error.not_found_help')}</Empty>}
    </>
  )
}

function Guide({ role, own }: { role: GuideRole; own: string }) {
  const { t } = useTranslation()
  const { locale } = useFormat()
  const { data, error, refetch } = useQuery({ queryKey: ['guide', role, locale], queryFn: () => loadGuide(role, locale), staleTime: Infinity })
  return (
    <div className={styles.layout}>
      <nav className={styles.roles} aria-label={t('guide.roles')}>
        <h2>{t('guide.roles')}</h2>
        <ul>
          {GUIDE_ROLES.map((one) => (
            <li key={one}>
              <Link to={`/guide/${one}`} className={styles.role} aria-current={one === role ? 'page' : undefined}>{t(`role.${one}`)}{one === own && <small>{t('guide.yours')}</small>}</Link>
            </li>
          ))}
        </ul>
        {data && <Contents headings={data.headings} />}
      </nav>
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : data ? <Text title={data.title} html={data.html} /> : <TextSkeleton />}
    </div>
  )
}

function Contents({ headings }: { headings: GuideHeading[] }) {
  const { t } = useTranslation()
  return (
    <div className={styles.contents}>
      <h2>{t('guide.contents')}</h2>
      <ul>{headings.map(({ id, text }) => <li key={id}><Link to={`#${id}`}>{text}</Link></li>)}</ul>
    </div>
  )
}

function Text({ title, html }: { title: string; html: string }) {
  const navigate = useNavigate()
  const { hash, key } = useLocation()
  const article = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!hash) return
    const heading = article.current?.querySelector<HTMLElement>(`[id="${CSS.escape(decodeURIComponent(hash.slice(1)))}"]`)
    heading?.scrollIntoView()
    heading?.focus({ preventScroll: true })
  }, [hash, html, key])

  // A link of the text to a page of the product: without loading everything anew.
  const follow = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const to = link?.getAttribute('href')
    if (!to?.startsWith('/') || link?.target || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    void navigate(to)
  }
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- Enter on a link is a click on it
    <article ref={article} className={styles.text} onClick={follow} data-testid="guide">
      <h2 className={styles.title}>{title}</h2>
      {/* Made from docs/guide when the pages were built; nothing in it comes from elsewhere. */}
      <div dangerouslySetInnerHTML={{ __html: html }} />
    </article>
  )
}

function TextSkeleton() {
  const { t } = useTranslation()
  return (
    <div className={styles.text} role="status" aria-label={t('state.loading')}>
      <Bone w={180} h={24} />
      {[92, 84, 60].map((width) => <p key={width}><Bone w={`${width}%`} /></p>)}
      <Bone h={360} r={8} />
    </div>
  )
}
