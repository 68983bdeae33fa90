import type { ReactNode } from 'react'
import { PageHeader } from './PageHeader'
import { usePhone } from './useMediaQuery'

/** The title of a section with its actions; on the phone it leads back to the list of sections. */
export function SettingsHeader({ title, back, children }: { title: string; back?: string; children?: ReactNode }) {
  const phone = usePhone()
  return <PageHeader title={title} back={back ?? (phone ? '/settings' : undefined)}>{children}</PageHeader>
}
