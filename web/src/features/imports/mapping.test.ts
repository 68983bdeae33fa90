import { describe, expect, it } from 'vitest'
import { daysMeanTwo, draftOf, mappingOf, missing, setAlias, setColumn, unused } from './mapping'
import type { ImportRun } from './api'

const column = (name: string, shape: ImportRun['columns'][number]['shape'], needed = false) => ({ name, label: name, shape, needed })
const run = { header: ['编号', '客户', '日期'], sample: [['1', '甲', '3/4/2026']], columns: [column('opportunity', 'key', true), column('account', 'record'), column('opened_on', 'date')] }

describe('a mapping as it is edited', () => {
  it('comes back as it was, with what forms do not show', () => {
    const mapping = { columns: { a: 'A' }, constants: {}, aliases: { a: { x: 'y' } }, dates: 'dmy' as const, scale: { a: '10' } }
    expect(mappingOf(draftOf(mapping))).toEqual(mapping)
  })
  it('takes a column from one place only', () => {
    const draft = setColumn(draftOf({ columns: { account: '客户' } }), 'account', { constant: '甲' })
    expect([draft.columns, draft.constants]).toEqual([{}, { account: '甲' }])
    expect(setColumn(draft, 'account', null).constants).toEqual({})
  })
  it('says what is missing and what is left over', () => {
    const draft = draftOf({ columns: { account: '客户' } })
    expect(missing(run, draft)).toEqual(['opportunity'])
    expect(missing(run, setColumn(draft, 'opportunity', { theirs: '编号' }))).toEqual([])
    expect(unused(run, draft)).toEqual(['编号', '日期'])
    expect(unused(run, setColumn(draft, 'name', { theirs: '{编号}/{日期}' }))).toEqual([])
  })
  it('keeps an alias until it means nothing', () => {
    const draft = setAlias(draftOf({}), 'owner', '小陈', 'rep')
    expect(draft.aliases).toEqual({ owner: { 小陈: 'rep' } })
    expect(setAlias(draft, 'owner', '小陈', '').aliases).toEqual({})
  })
  it('asks for the form of days only where they could mean two', () => {
    expect(daysMeanTwo(run, draftOf({ columns: { opened_on: '日期' } }))).toBe(true)
    expect(daysMeanTwo(run, draftOf({ columns: { account: '日期' } }))).toBe(false)
    expect(daysMeanTwo({ ...run, sample: [['1', '甲', '2026-03-04']] }, draftOf({ columns: { opened_on: '日期' } }))).toBe(false)
  })
})
