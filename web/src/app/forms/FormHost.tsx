import { lazy, Suspense, useEffect, useRef, type ComponentType } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { queries } from '@/api/queries'
import type { RecordData } from '@/api/records'
import { readForm, withoutForm, type FormAddress } from '@/components/form/address'
import type { FormKind } from '@/components/form/fields'
import type { KindFormProps } from '@/components/form/SpecForm'
import { BoneRows } from '@/components/ui/States'
import { useToast } from '@/components/ui/Toast'
import { withTexts } from '@/locales/i18n'
import styles from '@/components/form/Form.module.css'

type Form = ComponentType<KindFormProps>

const FORMS: Record<FormKind, Form> = {
  lead: lazy(() => import('@/features/leads/LeadForm').then((module) => ({ default: module.LeadForm }))),
  account: lazy(() => import('@/features/customers/AccountForm').then((module) => ({ default: module.AccountForm }))),
  contact: lazy(() => import('@/features/customers/ContactForm').then((module) => ({ default: module.ContactForm }))),
  opportunity: lazy(() => import('@/features/pipeline/OpportunityForm').then((module) => ({ default: module.OpportunityForm }))),
  contract: lazy(() => import('@/features/contracts/ContractForm').then((module) => ({ default: module.ContractForm }))),
  payment: lazy(() => import('@/features/contracts/PaymentForm').then((module) => ({ default: module.PaymentForm }))),
  invoice: lazy(() => withTexts('sales', import('@/features/contracts/InvoiceForm')).then((module) => ({ default: module.InvoiceForm }))),
  sales_order: lazy(() => withTexts('sales', import('@/features/contracts/OrderForm')).then((module) => ({ default: module.OrderForm }))),
  delivery: lazy(() => withTexts('sales', import('@/features/contracts/DeliveryForm')).then((module) => ({ default: module.DeliveryForm }))),
  activity: lazy(() => import('@/features/activities/ActivityForm').then((module) => ({ default: module.ActivityForm }))),
}
/** After one of these comes the next. */
const STAYS: readonly FormKind[] = ['activity', 'payment', 'invoice', 'delivery']
const Convert: Form = lazy(() => import('@/features/leads/ConvertForm').then((module) => ({ default: module.ConvertForm })))

/** The one form, over whatever page is there: its state is the address, so back closes it and a reload brings it again. */
export default function FormHost({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { search, pathname } = useLocation()
  const open = readForm(search)
  const saved = useSaved(open, close)
  const panel = useRef<HTMLDivElement>(null)
  const opener = useRef<Element | null>(null)
  const isOpen = open !== null

  useEffect(() => {
    if (!isOpen) return
    opener.current = document.activeElement
    panel.current?.focus({ preventScroll: true })
    return () => { if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus({ preventScroll: true }) }
  }, [isOpen])

  if (!open) return null
  const Shown = open.mode === 'convert' ? Convert : FORMS[open.kind]
  return (
    <div className={styles.panel} ref={panel} tabIndex={-1} role="dialog" aria-label={t(open.mode === 'convert' ? 'form.convert.title' : `form.${open.mode}.${open.kind}`)} data-testid="form">
      <Suspense fallback={<div className={styles.loading}><BoneRows rows={9} height={52} /></div>}>
        <Shown key={`${pathname} ${open.mode} ${open.kind} ${open.id ?? ''}`} id={open.id} defaults={open.defaults} saved={saved} close={close} />
      </Suspense>
    </div>
  )
}

/** After saving: everything that may show the record is asked again, and one is told; a new record is shown. */
function useSaved(open: FormAddress | null, close: () => void) {
  const { t } = useTranslation()
  const toast = useToast()
  const navigate = useNavigate()
  const { pathname, search } = useLocation()
  const queryClient = useQueryClient()
  return (data: RecordData, isNew: boolean) => {
    if (!open) return
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== queries.me().queryKey[0] && queryKey[0] !== 'form' })
    if (open.mode === 'convert') {
      const opportunity = data.opportunity_id as string | null | undefined
      toast({ title: t('form.convert.done'), tone: 'ahead' })
      void navigate(opportunity ? `/records/opportunity/${opportunity}` : `/records/account/${String(data.account_id)}`, { replace: true })
      return
    }
    const onRecord = pathname.startsWith('/records/')
    const to = `/records/${open.kind}/${data.id}`
    toast({ title: t(isNew ? `form.saved.${open.kind}` : 'form.saved.changes'), tone: 'ahead', ...(isNew && onRecord && open.kind !== 'activity' ? { action: { label: t('form.open_saved'), run: () => void navigate(to), leads: true } } : {}) })
    // What belongs to the record one is at is seen there, what is booked in a row in its list; anything else new is gone on with.
    if (!isNew || onRecord || STAYS.includes(open.kind)) close()
    else void navigate(to, { replace: true, state: { from: pathname + withoutForm(search) } })
  }
}
