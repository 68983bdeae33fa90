import { lazy, Suspense, type CSSProperties, type ReactNode } from 'react'
import type { DefaultOptionType, SelectProps } from 'antd/es/select'
import type { TreeSelectProps } from 'antd/es/tree-select'
import { ChevronDown } from 'lucide-react'
import styles from './soon.module.css'

/*
 * Choices in the head of a page: the page is there before their code is, and until then they look as they will look.
 */

const LoadedSelect = lazy(async () => ({ default: (await import('./Select')).Select as (props: object) => ReactNode }))
const LoadedTreeSelect = lazy(async () => ({ default: (await import('./TreeSelect')).TreeSelect as (props: object) => ReactNode }))

/** `Select`, a moment later. */
export function Select<Value = unknown, Option extends DefaultOptionType = DefaultOptionType>(props: SelectProps<Value, Option>) {
  const chosen = props.options?.find(({ value }) => value === props.value)?.label
  return <Suspense fallback={<Still style={props.style} className={props.className} small={props.size === 'small'} empty={chosen === undefined}>{chosen ?? props.placeholder}</Still>}><LoadedSelect {...props} /></Suspense>
}

/** `TreeSelect`, a moment later. */
export function TreeSelect(props: TreeSelectProps<string>) {
  return <Suspense fallback={<Still style={props.style} className={props.className} small={props.size === 'small'} empty>{props.placeholder}</Still>}><LoadedTreeSelect {...props} /></Suspense>
}

function Still({ style, className, small, empty, children }: { style?: CSSProperties | undefined; className?: string | undefined; small: boolean; empty: boolean; children: ReactNode }) {
  return <span className={`${styles.box} ${className ?? ''}`} style={style} data-small={small || undefined} data-empty={empty || undefined} aria-hidden><span>{children ?? '\u00a0'}</span><ChevronDown size={14} /></span>
}
