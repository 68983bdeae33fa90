import i18next, { type ResourceLanguage } from 'i18next'
import { initReactI18next } from 'react-i18next'

export const LOCALES = ['zh-CN', 'en'] as const
export type AppLocale = (typeof LOCALES)[number]
const KEY = 'qiao.locale'

const loaders: Record<AppLocale, () => Promise<{ default: ResourceLanguage }>> = {
  'zh-CN': () => import('./zh-CN.json'),
  en: () => import('./en.json'),
}

/** What only those need who set up what is sold and how it counts: read with the first of those pages. */
const setup: Record<AppLocale, () => Promise<{ default: ResourceLanguage }>> = {
  'zh-CN': () => import('./setup.zh-CN.json'),
  en: () => import('./setup.en.json'),
}
let withSetup = false

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
  if (withSetup && !i18next.exists('setup.here', { lng: locale })) {
    i18next.addResourceBundle(locale, 'translation', (await setup[locale]()).default, true)
  }
}

/** A page of the setup with its words. */
export async function withSetupWords<T>(page: Promise<T>): Promise<T> {
  withSetup = true
  const [loaded] = await Promise.all([page, isLocale(i18next.language) ? load(i18next.language) : undefined])
  return loaded
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
