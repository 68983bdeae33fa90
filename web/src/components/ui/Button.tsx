import type { ComponentProps, ReactNode } from 'react'
import { Link } from 'react-router'
import styles from './Button.module.css'

interface Look {
  /** `primary` once per view; `text` and `link` where a frame would be too loud. */
  type?: 'default' | 'primary' | 'text' | 'link'
  size?: 'small' | 'middle' | 'large'
  /** Without children the button is as wide as high and needs an `aria-label`. */
  icon?: ReactNode
  iconPlacement?: 'start' | 'end'
  danger?: boolean
  block?: boolean
}
interface Props extends Look, Omit<ComponentProps<'button'>, 'type'> {
  htmlType?: 'button' | 'submit'
  /** What it began is on its way: it takes no further clicks, and turns a wheel once that is felt to be long. */
  loading?: boolean
  /** A place in the program it leads to. */
  href?: string
}

function inside({ icon, iconPlacement, children }: Pick<Props, 'icon' | 'iconPlacement' | 'children'>) {
  return iconPlacement === 'end' ? <>{children}{icon}</> : <>{icon}{children}</>
}

/** The button of every screen: a native one in the colours of the house. */
export function Button({ type = 'default', size = 'middle', icon, iconPlacement = 'start', danger = false, block = false, htmlType = 'button', loading = false, href, className, children, onClick, ...rest }: Props) {
  const look = {
    className: `${styles.button} ${styles[type]} ${className ?? ''}`,
    'data-size': size, 'data-danger': danger || undefined, 'data-block': block || undefined, 'data-bare': children == null || children === false || undefined,
  }
  const content = inside({ icon, iconPlacement, children })
  if (href !== undefined) return <Link to={href} {...look}>{content}</Link>
  return (
    <button
      {...rest} {...look} type={htmlType} aria-busy={loading || undefined}
      onClick={(event) => { if (loading) event.preventDefault(); else onClick?.(event) }}
    >
      {content}
    </button>
  )
}
