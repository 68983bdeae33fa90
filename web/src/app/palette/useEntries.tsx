import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Banknote, Building2, Contact, CornerDownRight, FileText, Languages, LogOut, Moon, Plus, Settings, ShoppingCart, Sun, Target, UserPlus, UserRound, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { queries, useMe } from '@/api/queries'
import { recordQueries } from '@/api/records'
import { saveLocale, signOut } from '@/api/session'
import { useTheme } from '@/components/theme/theme'
import { useDebounced } from '@/components/ui/useDebounced'
import { addressOf, sectionsFor } from '@/features/settings/sections'
import { loadTexts } from '@/locales/i18n'
import { FOOT, menuFor } from '../shell/menu'
import { readRecent, type RecentRecord } from './recent'

export interface Entry {
  id: string
  section: 'pinned' | 'recent' | 'pages' | 'settings' | 'records' | 'people' | 'commands'
  label: string
  hint?: string
  icon: ReactNode
  record?: RecentRecord
  run: () => void
}

const ICONS: Record<string, LucideIcon> = { account: Building2, contact: Contact, lead: UserPlus, opportunity: Target, contract: FileText, sales_order: ShoppingCart, payment: Banknote }
/** What can be made from anywhere, and who may. */
const NEW = [['lead', 'edit_sales'], ['account', 'edit_sales'], ['opportunity', 'edit_sales'], ['activity', 'edit_sales'], ['contract', 'edit_contracts']] as const
/** Of what is pinned as much as leaves room for what was chosen last. */
const PINS_SHOWN = 8
/** Long enough that a fast typist asks once, short enough that nobody waits. */
const TYPING_MS = 120

const previousMonth = (month: string) => {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`
}

/** What the palette offers for a query: recent things first when nothing is typed. */
export function useEntries(query: string): Entry[] {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const { mode, setChoice } = useTheme()
  const [params] = useSearchParams()
  const typed = useDebounced(query.trim(), TYPING_MS)
  const { data: people } = useQuery({ ...queries.people(typed), enabled: typed.length > 0 })
  const { data: pins } = useQuery(recordQueries.pins())
  const { data: hits } = useQuery({ ...queries.search(typed), enabled: typed.length > 0 })

  const named = useSettingsTexts()

  const fixed = useMemo<Entry[]>(() => {
    const go = (to: string) => () => void navigate(to)
    const own = me.permissions.includes('view_own_pay') && me.person
    const other = i18n.language === 'en' ? 'zh-CN' : 'en'
    const pages = [...menuFor(me), ...FOOT].map(({ to, label, icon: Icon }): Entry => ({ id: to, section: 'pages', label: t(label), icon: <Icon size={16} aria-hidden />, run: go(to) }))
    // A section that is a page of its own stands among the pages.
    const sections = (named ? sectionsFor(me) : []).filter(({ path }) => !path.startsWith('/')).map((section): Entry => ({
      id: addressOf(section), section: 'settings', label: t(section.label), icon: <Settings size={16} aria-hidden />, run: go(addressOf(section)),
    }))
    const make = (kind: string) => () => {
      const next = new URLSearchParams(params)
      next.delete('edit')
      next.set('new', kind)
      void navigate({ search: next.toString() })
    }
    const made = NEW.filter(([, permission]) => me.permissions.includes(permission))
    const commands: Entry[] = [
      ...made.map(([kind]): Entry => ({ id: `new-${kind}`, section: 'commands', label: t(`palette.new_${kind}`), icon: <Plus size={16} aria-hidden />, run: make(kind) })),
      ...(own ? [{ id: 'last-pay', section: 'commands' as const, label: t('palette.last_pay'), icon: <CornerDownRight size={16} aria-hidden />, run: go(`/pay?period=${previousMonth(me.periods.month)}`) }] : []),
      { id: 'theme', section: 'commands', label: t(mode === 'dark' ? 'palette.light' : 'palette.dark'), icon: mode === 'dark' ? <Sun size={16} aria-hidden /> : <Moon size={16} aria-hidden />, run: () => setChoice(mode === 'dark' ? 'light' : 'dark') },
      {
        id: 'language', section: 'commands', label: t('palette.language'), icon: <Languages size={16} aria-hidden />,
        run: () => void saveLocale(other).then((next) => queryClient.setQueryData(queries.me().queryKey, next)).then(() => queryClient.invalidateQueries()),
      },
      {
        id: 'sign-out', section: 'commands', label: t('session.sign_out'), icon: <LogOut size={16} aria-hidden />,
        run: () => void signOut().catch(() => undefined).then(() => navigate('/sign-in')).then(() => queryClient.clear()),
      },
    ]
    return [...pages, ...commands, ...sections]
  }, [i18n.language, me, mode, named, navigate, params, queryClient, setChoice, t])

  return useMemo(() => {
    const ofRecord = (record: RecentRecord): Entry => {
      const Icon = ICONS[record.type] ?? FileText
      return {
        id: record.id, section: 'records', label: record.title, hint: record.detail, icon: <Icon size={16} aria-hidden />, record,
        run: () => void navigate(`/records/${record.type}/${record.id}`),
      }
    }
    const needle = query.trim().toLowerCase()
    if (needle === '') {
      const shown = readRecent(me.user_id).flatMap((one) => (typeof one === 'string' ? fixed.filter((entry) => entry.id === one) : [ofRecord(one)]))
      const pinned = (pins ?? []).slice(0, PINS_SHOWN).map((pin): Entry => ({ ...ofRecord({ type: pin.record_type, id: pin.id, title: pin.title, detail: pin.type_name }), section: 'pinned' }))
      const recent = shown.filter(({ id }) => !pinned.some((pin) => pin.id === id)).map((entry): Entry => ({ ...entry, section: 'recent' }))
      return [...pinned, ...recent, ...fixed.filter((entry) => !recent.some(({ id }) => id === entry.id))]
    }
    const target = (id: string) => {
      if (id === me.person?.id && me.permissions.includes('view_own_pay')) return '/pay'
      return me.pay_grant ? `/pay/${id}` : `/metrics/won_amount?subject=person:${id}`
    }
    const found = (people?.items ?? []).map((person): Entry => ({
      id: person.id, section: 'people', label: person.name, hint: person.team?.path || undefined, icon: <UserRound size={16} aria-hidden />,
      run: () => void navigate(target(person.id)),
    }))
    const records = (hits?.items ?? []).map((hit) => ofRecord({ type: hit.record_type, id: hit.id, title: hit.title, detail: [hit.type_name, hit.detail].filter(Boolean).join(' · ') }))
    const matching = fixed.filter((entry) => entry.label.toLowerCase().includes(needle))
    return [...matching.filter((entry) => entry.section === 'pages'), ...matching.filter((entry) => entry.section === 'settings'), ...records, ...found, ...matching.filter((entry) => entry.section === 'commands')]
  }, [fixed, hits, me, navigate, people, pins, query])
}

/** The names of the settings' sections come with the settings; the palette asks for them when it opens. */
function useSettingsTexts(): boolean {
  const [named, setNamed] = useState(false)
  useEffect(() => {
    let open = true
    // Without a connection the palette does without them.
    loadTexts('settings').then(() => { if (open) setNamed(true) }, () => undefined)
    return () => { open = false }
  }, [])
  return named
}
