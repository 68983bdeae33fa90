import { createContext, use, useEffect, type ReactNode } from 'react'
import { createPortal } from 'react-dom'

/** The place in the top bar where a page puts its title and filters. */
export const HeaderSlot = createContext<HTMLElement | null>(null)

export function PageHeader({ title, children }: { title: string; children?: ReactNode }) {
  const slot = use(HeaderSlot)
  useEffect(() => { document.title = `${title} · Qiao` }, [title])
  if (!slot) return null
  return createPortal(
    <>
      <h1>{title}</h1>
      {children}
    </>,
    slot,
  )
}
