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
  // By the address as it is when the key comes: a quick second key must not be lost to a page that is still being drawn.
  const step = (by: 1 | -1) => {
    const why = new URLSearchParams(window.location.search).get('why')
    const url = urls[(why ? urls.indexOf(why) : -1) + by]
    if (url !== undefined) drawer.open(url, why !== null)
  }
  return { step, many: urls.length > 1 && at >= 0, next: to(at + 1), previous: at > 0 ? to(at - 1) : undefined }
}
