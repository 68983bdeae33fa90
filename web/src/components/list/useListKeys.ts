import { useEffect, useEffectEvent } from 'react'
import { isTyping } from '@/components/ui/typing'

export interface ListKeys { move: (by: number) => void; open: () => void; toggle: () => void; clear: () => boolean }

/** A control that has its own meaning for Enter and the arrows. */
const isControl = (target: EventTarget | null) => target instanceof HTMLElement && target.closest('a, button, [role="listbox"], [role="menu"], [role="radiogroup"], aside') !== null
const isCovered = () => document.querySelector('dialog[open], :popover-open, .ant-select-dropdown:not(.ant-select-dropdown-hidden)') !== null

/**
 * j and k or the arrows move, Enter opens, x chooses, Esc clears, / goes to the text filter. Heard before the drawer hears
 * its own j and k, unless the drawer is open.
 */
export function useListKeys(keys: ListKeys) {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target) || isCovered() || document.querySelector('[data-testid="drawer"]')) return
    if (!handle(event, keys)) return
    event.preventDefault()
    event.stopPropagation()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event)
    window.addEventListener('keydown', listener, { capture: true })
    return () => window.removeEventListener('keydown', listener, { capture: true })
  }, [])
}

function handle(event: KeyboardEvent, keys: ListKeys): boolean {
  const control = isControl(event.target)
  switch (event.key) {
    case 'j': keys.move(1); return true
    case 'k': keys.move(-1); return true
    case 'ArrowDown': case 'ArrowUp': if (control) return false; keys.move(event.key === 'ArrowDown' ? 1 : -1); return true
    case 'PageDown': case 'PageUp': if (control) return false; keys.move(event.key === 'PageDown' ? 15 : -15); return true
    case 'Enter': if (control) return false; keys.open(); return true
    case 'x': keys.toggle(); return true
    case 'Escape': return keys.clear()
    case '/': {
      const text = document.querySelector<HTMLInputElement>('#list-text')
      text?.focus()
      text?.select()
      return text !== null
    }
    default: return false
  }
}
