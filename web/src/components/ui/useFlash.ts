import { useEffect, useRef, useState } from 'react'

/** True for two seconds after `value` changed while `identity` stayed the same: the figure that just moved. */
export function useFlash(value: string | null | undefined, identity: string): boolean {
  const last = useRef({ value, identity })
  const [flashing, setFlashing] = useState(false)
  useEffect(() => {
    const before = last.current
    last.current = { value, identity }
    if (before.identity !== identity || before.value == null || value == null || before.value === value) return
    setFlashing(true)
    const timer = setTimeout(() => setFlashing(false), 2000)
    return () => clearTimeout(timer)
  }, [value, identity])
  return flashing
}
