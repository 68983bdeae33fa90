import i18next, { type ResourceLanguage } from 'i18next'
import { initReactI18next } from 'react-i18next'

export const LOCALES = ['zh-CN', 'en'] as const
export type AppLocale = (typeof LOCALES)[number]
const KEY = 'qiao.locale'

const loaders: Record<AppLocale, () => Promise<{ default: ResourceLanguage }>> = {
  'zh-CN': () => import('./zh-CN.json'),
  en: () => import('./en.json'),
}

/** Texts that only some pages need; they come with the first of these pages. */
const PARTS = {
  sales: { 'zh-CN': () => import('./sales/zh-CN.json'), en: () => import('./sales/en.json') },
  setup: { 'zh-CN': () => import('./setup/zh-CN.json'), en: () => import('./setup/en.json') },
  settings: { 'zh-CN': () => import('./settings/zh-CN.json'), en: () => import('./settings/en.json') },
} satisfies Record<string, Record<AppLocale, () => Promise<{ default: ResourceLanguage }>>>

export type TextPart = keyof typeof PARTS
const used = new Set<TextPart>()
const loaded = new Set<string>()

/** The first page's texts may be there before the language is. */
const begun = () => (i18next.isInitialized ? undefined : new Promise<void>((done) => { i18next.on('initialized', () => done()) }))

async function loadPart(part: TextPart, locale: AppLocale) {
  const key = `${part} ${locale}`
  if (loaded.has(key)) return
  const { default: texts } = await PARTS[part][locale]()
  await begun()
  i18next.addResourceBundle(locale, 'translation', texts, true, false)
  loaded.add(key)
}

/** Loads the texts of some pages, in the present language and in those chosen later. */
export async function loadTexts(part: TextPart): Promise<void> {
  used.add(part)
  await loadPart(part, isLocale(i18next.language) ? i18next.language : initialLocale())
}

/** A page with its texts. */
export async function withTexts<T>(part: TextPart, page: Promise<T>): Promise<T> {
  return (await Promise.all([page, loadTexts(part)]))[0]
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
  await Promise.all([...used].map((part) => loadPart(part, locale)))
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
