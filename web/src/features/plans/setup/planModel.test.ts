import { describe, expect, it } from 'vitest'
import { clauseOf, newComponent, newPlan, problemAt, readPlan, writePlan, type PlanForm } from './planModel'

/** As the server writes every kind of component. */
const source = {
  id: 'round', name: { zh: '\u63d0\u6210', en: 'Commission' }, currency: 'CNY', period: 'quarter', from: '2026-01-01', to: '2026-12-31',
  who: { roles: ['rep'], teams: ['East'] }, rounding: 'down',
  components: [
    { id: 'a', name: '\u7532', basis: 'opportunity_won', measure: 'amount', rate: { flat: '0.1' } },
    { id: 'b', name: '\u4e59', basis: 'contract_signed', measure: 'margin', where: { all: [{ customer_kind: 'new' }, { amount: '>= 100' }] }, roles: ['owner', 'overlay'], rate: { lookup: { by: ['product_line'], rows: [{ rate: '0.08', product_line: 'GTX' }], default: '0.05' } } },
    { id: 'c', name: '\u4e19', basis: 'payment_received', measure: 'amount', rate: { tiers: { mode: 'marginal', on: 'amount', rows: [{ from: '0', rate: '0.04' }, { from: '200000', rate: '0.065' }] } } },
    { id: 'd', name: '\u4e01', basis: 'won_amount', measure: 'amount', rate: { tiers: { mode: 'whole', on: { attainment: 'won_amount' }, rows: [{ from: '0', rate: '0' }, { from: '0.8', rate: '0.02' }] } } },
    { id: 'e', name: '\u620a', basis: 'stage_entered', measure: 'amount', where: { stage: 'proposal' }, rate: { reward: { amount: '300', if_lost: 'forfeit' } } },
    { id: 'f', name: '\u5df1', basis: 'opportunity_won', measure: 'amount', where: { any: [{ tier: 'A' }, { not: { source: 'gift' } }] }, rate: { flat: '0.0125' } },
  ],
}

describe('the form of a plan', () => {
  it('gives back what it read, of every kind', () => {
    expect(JSON.parse(writePlan(readPlan(JSON.stringify(source))))).toEqual(source)
  })
  it('writes what was typed as shares and amounts', () => {
    const plan: PlanForm = { ...newPlan('CNY', '2026-03-01'), id: 'p', zh: 'P', components: [{ ...newComponent('marginal', []), bands: [{ from: '0', rate: '4' }, { from: '20\u4e07', rate: '6.5 %' }] }] }
    const written = JSON.parse(writePlan(plan)) as typeof source
    expect(written.components[0]?.rate).toEqual({ tiers: { mode: 'marginal', on: 'amount', rows: [{ from: '0', rate: '0.04' }, { from: '200000', rate: '0.065' }] } })
    expect(written.who).toEqual({ roles: ['rep'] })
  })
  it('finds the clause and the field of a mistake', () => {
    expect([clauseOf('/who/teams/0', 3), clauseOf('/components/1/rate', 3), clauseOf('/rounding', 3)]).toEqual([0, 2, 4])
    expect(problemAt([{ pointer: '/components/0/rate/tiers/rows/1/from', detail: 'x' }], '/components/0/rate/tiers/rows/1')).toBe('x')
    expect(problemAt([{ pointer: '/components/10', detail: 'x' }], '/components/1')).toBeUndefined()
  })
})
