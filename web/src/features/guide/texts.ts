import type { AppLocale } from '@/locales/i18n'
import type { GuideText } from '../../../scripts/guide'

/** The roles that have a guide, in the order in which they are offered. */
export const GUIDE_ROLES = ['rep', 'manager', 'director', 'operations', 'finance', 'hr', 'auditor', 'administrator'] as const
export type GuideRole = (typeof GUIDE_ROLES)[number]

export const isGuideRole = (text: string | undefined): text is GuideRole => GUIDE_ROLES.some((role) => role === text)

// Each text is a file of its own that comes when it is opened.
const files = import.meta.glob<GuideText>('../../../../docs/guide/{zh,en}/*.md', { import: 'default' })

/** The guide of a role in a language. */
export async function loadGuide(role: GuideRole, locale: AppLocale): Promise<GuideText> {
  const load = files[`../../../../docs/guide/${locale === 'en' ? 'en' : 'zh'}/${role}.md`]
  if (!load) throw new Error(`no guide for ${role}`)
  return load()
}
