import { queryOptions } from '@tanstack/react-query'
import { client, unwrap } from '@/api/client'
import type { components } from '@/api/schema'

export type FactFields = components['schemas']['FactFieldsView']

/** Kinds of fact, fields, and the values of those that have few: what conditions and formulas can name. */
export const factFields = () => queryOptions({ queryKey: ['fact-fields'], staleTime: 5 * 60_000, queryFn: () => unwrap<FactFields>(client.GET('/api/v1/fact-fields')) })

export const SIGNS = ['>=', '>', '<=', '<'] as const
export type Sign = (typeof SIGNS)[number] | 'is'
/** One test of a fact: a field has one of some values, or compares so with a number. */
export interface Test { field: string; sign: Sign; values: readonly string[] }

/** A condition as plans and metrics write it. */
export type Condition = Readonly<Record<string, unknown>>

const COMPARED = /^(>=|<=|>|<)\s*(.+)$/

/** The tests that all have to hold; null for what the form cannot say (any of, not): that stays as it is. */
export function readTests(condition: Condition | undefined): Test[] | null {
  const tests: Test[] = []
  for (const [field, value] of Object.entries(condition ?? {})) {
    if (field === 'all') {
      for (const part of value as Condition[]) {
        const inner = readTests(part)
        if (!inner) return null
        tests.push(...inner)
      }
    } else if (field === 'any' || field === 'not') return null
    else {
      const values = (Array.isArray(value) ? value : [value]).map(String)
      const compared = values.length === 1 ? COMPARED.exec(values[0] ?? '') : null
      tests.push(compared ? { field, sign: compared[1] as Sign, values: [compared[2] ?? ''] } : { field, sign: 'is', values })
    }
  }
  return tests
}

/** The condition of some tests; nothing where there are none. Unfinished tests are left out. */
export function writeTests(tests: readonly Test[]): Condition | undefined {
  const parts = tests.filter(({ field, values }) => field !== '' && values.some((value) => value.trim() !== '')).map(({ field, sign, values }): Condition => {
    if (sign !== 'is') return { [field]: `${sign} ${values[0] ?? ''}` }
    return { [field]: values.length === 1 ? values[0] : values }
  })
  return parts.length === 0 ? undefined : parts.length === 1 ? parts[0] : { all: parts }
}
