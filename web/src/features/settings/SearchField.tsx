import { useEffect, useEffectEvent, useState } from 'react'
import { Search } from 'lucide-react'
import { Input } from '@/components/antd/controls'

const TYPING_MS = 200

/** Part of a name in the address; asked for when the typing rests. */
export function SearchField({ label, value, change }: { label: string; value: string; change: (value: string | null) => void }) {
  const [typed, setTyped] = useState(value)
  const send = useEffectEvent((next: string) => change(next || null))
  useEffect(() => {
    const next = typed.trim()
    if (next === value) return
    const timer = setTimeout(() => send(next), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed, value])
  return <Input prefix={<Search size={14} aria-hidden />} value={typed} maxLength={200} placeholder={label} aria-label={label} autoComplete="off" spellCheck={false} allowClear onChange={(event) => setTyped(event.target.value)} />
}
