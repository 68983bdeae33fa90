import { useEffect, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { getUrl } from '@/api/client'
import { BrandMark } from '@/components/ui/Brand'
import { BoneRows, Empty, ErrorState } from '@/components/ui/States'
import { fieldsOf, inside, operationsOf, typeOf, type Description, type Operation, type Schema } from './openapi'
import styles from './ApiDocsPage.module.css'

const DEEPEST = 6

/** The API as its own description says it: made from /api/v1/openapi.json, nothing from elsewhere. */
export function ApiDocsPage() {
  const { t } = useTranslation()
  const [needle, setNeedle] = useState('')
  const { data, error, refetch } = useQuery({ queryKey: ['openapi'], queryFn: ({ signal }) => getUrl<Description>('/api/v1/openapi.json', signal), staleTime: Infinity })
  useEffect(() => { document.title = `${t('api_docs.title')} · Qiao` }, [t])
  const groups = data ? operationsOf(data, needle) : new Map<string, Operation[]>()
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <Link to="/" className={styles.brand} aria-label={t('action.home')}><BrandMark /></Link>
        <h1>{t('api_docs.title')}</h1>
        <label className={styles.filter}><Search size={14} aria-hidden /><input type="search" value={needle} onChange={(event) => setNeedle(event.target.value)} placeholder={t('api_docs.filter')} aria-label={t('api_docs.filter')} /></label>
        <a href="/api/v1/openapi.json" className={styles.file}>{t('api_docs.file')}</a>
      </header>
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : !data ? <BoneRows rows={12} /> : (
        <div className={styles.body}>
          <nav className={styles.nav} aria-label={t('api_docs.operations')}>
            {[...groups].map(([tag, operations]) => (
              <div key={tag}>
                <h2>{tag}</h2>
                {operations.map((operation) => <a key={operation.id} href={`#${operation.id}`}><Method method={operation.method} /><span>{operation.summary}</span></a>)}
              </div>
            ))}
          </nav>
          <main className={styles.main}>
            <p className={styles.lead}>{t('api_docs.lead')}</p>
            <p className={styles.lead}>{t('api_docs.rules')}</p>
            {groups.size === 0 && <Empty title={t('api_docs.none')} />}
            {[...groups.values()].flat().map((operation) => <OperationView key={operation.id} operation={operation} description={data} />)}
          </main>
        </div>
      )}
    </div>
  )
}

const Method = ({ method }: { method: string }) => <b className={styles.method} data-method={method}>{method.toUpperCase()}</b>

function OperationView({ operation, description }: { operation: Operation; description: Description }) {
  const { t } = useTranslation()
  const body = schemaOf(operation.requestBody?.content)
  return (
    <article className={styles.operation} id={operation.id}>
      <h3>{operation.summary}</h3>
      <p className={styles.address}><Method method={operation.method} /><code>{operation.path}</code>{operation.isPublic && <small>{t('api_docs.public')}</small>}</p>
      {operation.description && <p className={styles.text}>{operation.description.replaceAll('**', '')}</p>}
      {operation.parameters && operation.parameters.length > 0 && (
        <>
          <h4>{t('api_docs.parameters')}</h4>
          <dl className={styles.fields}>
            {operation.parameters.map((parameter) => (
              <Field key={`${parameter.in} ${parameter.name}`} name={parameter.name} where={t(`api_docs.in.${parameter.in}`)} schema={parameter.schema ?? {}} required={parameter.required ?? false} text={parameter.description} description={description} depth={DEEPEST} />
            ))}
          </dl>
        </>
      )}
      {body && <><h4>{t('api_docs.body')} <code>{typeOf(body)}</code></h4><Fields schema={body} description={description} depth={0} /></>}
      <h4>{t('api_docs.responses')}</h4>
      <ul className={styles.answers}>
        {Object.entries(operation.responses ?? {}).map(([status, answer]) => {
          const schema = schemaOf(answer.content)
          return (
            <li key={status}>
              <b data-good={status.startsWith('2')}>{status}</b>
              {schema && status.startsWith('2')
                ? <details><summary><code>{typeOf(schema)}</code></summary><Fields schema={schema} description={description} depth={0} /></details>
                : <span>{schema ? <code>{typeOf(schema)}</code> : null} {answer.description}</span>}
            </li>
          )
        })}
      </ul>
    </article>
  )
}

const schemaOf = (content: Record<string, { schema?: Schema }> | undefined) => Object.values(content ?? {})[0]?.schema

function Fields({ schema, description, depth }: { schema: Schema; description: Description; depth: number }) {
  const fields = fieldsOf(inside(schema), description)
  if (fields.length === 0) return null
  return <dl className={styles.fields}>{fields.map((field) => <Field key={field.name} {...field} description={description} depth={depth + 1} />)}</dl>
}

function Field({ name, where, schema, required, text, description, depth }: { name: string; where?: string; schema: Schema; required: boolean; text?: string; description: Description; depth: number }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const deeper = depth < DEEPEST && fieldsOf(inside(schema), description).length > 0
  const words = text ?? schema.description
  return (
    <div>
      <dt><code>{name}</code>{where && <small>{where}</small>}{required && <small>{t('api_docs.required')}</small>}</dt>
      <dd>
        <code>{typeOf(schema)}</code>
        {schema.enum && <small>{t('api_docs.one_of')} {schema.enum.map(String).join(', ')}</small>}
        {words && <p>{words}</p>}
        {deeper && <details onToggle={(event) => setOpen(event.currentTarget.open)}><summary>{t('api_docs.more')}</summary>{open && <Fields schema={schema} description={description} depth={depth} />}</details>}
      </dd>
    </div>
  )
}
