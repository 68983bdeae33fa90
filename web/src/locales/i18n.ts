import i18next, { type ResourceLanguage } from 'i18next'
import { initReactI18next } from 'react-i18next'

export const LOCALES = ['zh-CN', 'en'] as const
export type AppLocale = (typeof LOCALES)[number]
const KEY = 'qiao.locale'

const loaders: Record<AppLocale, () => Promise<{ default: ResourceLanguage }>> = {
  'zh-CN': () => import('./zh-CN.json'),
  en: () => import('./en.json'),
}

export const isLocale = (text: string | null | undefined): text is AppLocale => text === 'zh-CN' || text === 'en'

/** The language before anybody has signed in: the last one used here, else the browser's, else Chinese. */
function initialLocale(): AppLocale {
  const stored = localStorage.getItem(KEY)
  if (isLocale(stored)) return stored
  return navigator.languages[0]?.toLowerCase().startsWith('en') ? 'en' : 'zh-CN'
}

async function load(locale: AppLocale) {
  if (!i18next.hasResourceBundle(locale, 'translation')) {
    i18next.addResourceBundle(locale, 'translation', (await loaders[locale]()).default)
  }
}

export async function startI18n(): Promise<void> {
  const locale = initialLocale()
  const resource = await loaders[locale]()
  await i18next.use(initReactI18next).init({
    lng: locale, fallbackLng: false, resources: { [locale]: { translation: resource.default } },
    interpolation: { escapeValue: false }, returnNull: false,
  })
  document.documentElement.lang = locale
}

export async function switchLocale(locale: AppLocale): Promise<void> {
  if (locale === i18next.language) return
  await load(locale)
  await i18next.changeLanguage(locale)
  localStorage.setItem(KEY, locale)
  document.documentElement.lang = locale
}
