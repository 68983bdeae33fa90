import { describe, expect, it } from 'vitest'
import type { FormSpec } from '../fields'
import { filling } from './filling'

const field = (key: string) => ({ key, kind: 'text' as const, label: key })
const LEAD: FormSpec = { kind: 'lead', fields: ['name', 'phone', 'company_name', 'note'].map(field) }
const CONTACT: FormSpec = { kind: 'contact', fields: ['name', 'phone', 'wechat', 'account_id'].map(field) }
const said = (part: string, value: string) => `${part}: ${value}`
const found = {
  card: { name: '王小明', company: '云峰', phone: '13800138000', wechat: 'wang_88', address: '中山路1号' },
  left: [{ part: 'phone' as const, text: '021-62345678' }, { part: 'other' as const, text: '展会见过' }],
}

describe('a card in a form', () => {
  it('of a lead keeps in the note what has no field', () => {
    expect(filling(LEAD, found, null, said, '')).toEqual({
      fields: { name: '王小明', company_name: '云峰', phone: '13800138000', note: 'wechat: wang_88\naddress: 中山路1号\nphone: 021-62345678\n展会见过' }, left: [],
    })
  })
  it('adds to a note and does not repeat itself', () => {
    const note = filling(LEAD, found, null, said, '老客户介绍').fields.note
    expect(note).toBe('老客户介绍\nwechat: wang_88\naddress: 中山路1号\nphone: 021-62345678\n展会见过')
    expect(filling(LEAD, found, null, said, note ?? '').fields.note).toBeUndefined()
  })
  it('of a contact names its customer, or says that there is none', () => {
    const left = [{ part: 'other', text: '中山路1号' }, ...found.left]
    expect(filling(CONTACT, found, 'a-1', said, '')).toEqual({ fields: { name: '王小明', phone: '13800138000', wechat: 'wang_88', account_id: 'a-1' }, left })
    expect(filling(CONTACT, found, null, said, '').fields.account_id).toBeUndefined()
  })
})
