import { useMemo, type ReactNode } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CornerDownRight, Languages, LogOut, Moon, Sun, UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { queries, useMe } from '@/api/queries'
import { saveLocale, signOut } from '@/api/session'
import { useTheme } from '@/components/theme/theme'
import { menuFor, SETTINGS } from '../shell/menu'

export interface Entry { id: string; section: 'recent' | 'pages' | 'people' | 'commands'; label: string; hint?: string; icon: ReactNode; run: () => void }

const RECENT_KEY = 'qiao.recent'
const MAX_RECENT = 5

function readRecent(): string[] {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(RECENT_KEY) ?? '[]')
    return Array.isArray(parsed) ? parsed.filter((id): id is string => typeof id === 'string') : []
  } catch {
    return []
  }
}

export function remember(entry: Entry) {
  if (entry.section === 'people') return
  const next = [entry.id, ...readRecent().filter((id) => id !== entry.id)].slice(0, MAX_RECENT)
  localStorage.setItem(RECENT_KEY, JSON.stringify(next))
}

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
  const { data: people } = useQuery({ ...queries.people(query.trim()), enabled: query.trim().length > 0 })

  const fixed = useMemo<Entry[]>(() => {
    const go = (to: string) => () => void navigate(to)
    const own = me.permissions.includes('view_own_pay') && me.person
    const other = i18n.language === 'en' ? 'zh-CN' : 'en'
    const pages = [...menuFor(me), SETTINGS].map(({ to, label, icon: Icon }): Entry => ({ id: to, section: 'pages', label: t(label), icon: <Icon size={16} aria-hidden />, run: go(to) }))
    const commands: Entry[] = [
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
    return [...pages, ...commands]
  }, [i18n.language, me, mode, navigate, queryClient, setChoice, t])

  return useMemo(() => {
    const needle = query.trim().toLowerCase()
    if (needle === '') {
      const recent = readRecent().flatMap((id) => fixed.filter((entry) => entry.id === id)).map((entry): Entry => ({ ...entry, section: 'recent' }))
      return [...recent, ...fixed.filter((entry) => !recent.some((shown) => shown.id === entry.id))]
    }
    const target = (id: string) => {
      if (id === me.person?.id && me.permissions.includes('view_own_pay')) return '/pay'
      return me.pay_grant ? `/pay/${id}` : `/metrics/won_amount?subject=person:${id}`
    }
    const found = (people?.items ?? []).map((person): Entry => ({
      id: person.id, section: 'people', label: person.name, hint: person.team?.path || undefined, icon: <UserRound size={16} aria-hidden />,
      run: () => void navigate(target(person.id)),
    }))
    const matching = fixed.filter((entry) => entry.label.toLowerCase().includes(needle))
    return [...matching.filter((entry) => entry.section === 'pages'), ...found, ...matching.filter((entry) => entry.section === 'commands')]
  }, [fixed, me, navigate, people, query])
}
