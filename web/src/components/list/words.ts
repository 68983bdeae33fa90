/** The words of the API with their marks, by the set they belong to. */
export type Tone = 'open' | 'half' | 'force' | 'won' | 'done' | 'off' | 'back'

export const WORDS = {
  lead: { open: 'open', working: 'half', converted: 'won', closed: 'off' },
  deal: { open: 'open', won: 'won', lost: 'off' },
  contract: { draft: 'open', signed: 'force', ended: 'done', cancelled: 'off' },
  invoice: { invoice: 'won', credit_note: 'back' },
  order: { open: 'open', delivered: 'won', cancelled: 'off' },
  payment: { payment: 'won', refund: 'back', write_off: 'off' },
} as const satisfies Record<string, Record<string, Tone>>

export type WordSet = keyof typeof WORDS

export const toneOf = (set: WordSet, word: string): Tone => (WORDS[set] as Record<string, Tone>)[word] ?? 'done'
