import { use } from 'react'
import type { DrawerState } from '@/components/why/address'
import { StepsContext } from '@/components/why/steps'

/** J and K: the explanation after and before this one on the page. */
export function useStepping(drawer: DrawerState) {
  const { urls } = use(StepsContext)
  const at = drawer.why ? urls.indexOf(drawer.why) : -1
  const to = (index: number) => {
    const url = urls[index]
    return url === undefined ? undefined : () => drawer.open(url, drawer.why !== null)
  }
  return { many: urls.length > 1 && at >= 0, next: to(at + 1), previous: at > 0 ? to(at - 1) : undefined }
}
