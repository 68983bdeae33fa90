import { createContext, use } from 'react'

/** Names of what is chosen already, by id: a picker shows them before it has asked for any list. */
export const KnownNames = createContext<Readonly<Record<string, string>>>({})
export const useKnownNames = () => use(KnownNames)

/** What every control gets from its field. */
export interface ControlProps { id: string; value: string; change: (value: string) => void; disabled?: boolean; invalid?: boolean; describedBy?: string; label: string }
