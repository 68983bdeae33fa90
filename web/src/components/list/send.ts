import { client, unwrap } from '@/api/client'

type Anything = (url: string, init?: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>

/** A POST to an address that is made of the kind of a record; every other call names its path and has its types. */
export const post = (url: string) => unwrap((client.POST as unknown as Anything)(url))
