import { createContext, use, useEffect } from 'react'

/** The explanations of a page in reading order, for J and K in the drawer. */
export interface Steps { urls: string[]; register: (urls: string[]) => () => void }
export const StepsContext = createContext<Steps>({ urls: [], register: () => () => undefined })

export function useWhySteps(urls: (string | null | undefined)[]) {
  const { register } = use(StepsContext)
  const key = urls.filter((url) => url != null).join('\n')
  useEffect(() => register(key ? key.split('\n') : []), [register, key])
}
