import { useEffect, useRef } from 'react'
import { NavigationType, useLocation, useNavigate, useNavigationType } from 'react-router'
import { withoutForm } from '@/components/form/address'

/** Closing is going back, where the form was opened from a page of ours; else the address loses its form. */
export function useCloseForm(isOpen: boolean) {
  const navigate = useNavigate()
  const { pathname, search, key } = useLocation()
  const type = useNavigationType()
  const pushed = useRef<string | null>(null)
  const wasOpen = useRef(isOpen)
  useEffect(() => {
    if (isOpen && !wasOpen.current && type === NavigationType.Push) pushed.current = key
    if (!isOpen) pushed.current = null
    wasOpen.current = isOpen
  }, [isOpen, key, type])
  return () => {
    if (pushed.current === key) void navigate(-1)
    else void navigate({ pathname, search: withoutForm(search) }, { replace: true, preventScrollReset: true })
  }
}
