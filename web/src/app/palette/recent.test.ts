import { beforeEach, describe, expect, it } from 'vitest'
import { readRecent, remember } from './recent'

const record = (id: string) => ({ type: 'account', id, title: `客户 ${id}`, detail: '' })

describe('what was last chosen', () => {
  beforeEach(() => localStorage.clear())

  it('stands first, once, seven at most', () => {
    for (let n = 0; n < 9; n += 1) remember('u', record(String(n)))
    remember('u', record('5'))
    remember('u', '/pay')
    expect(readRecent('u').map((one) => (typeof one === 'string' ? one : one.id))).toEqual(['/pay', '5', '8', '7', '6', '4', '3'])
  })

  it('is nobody else\'s, and what cannot be read is nothing', () => {
    remember('u', record('1'))
    expect(readRecent('v')).toEqual([])
    localStorage.setItem('qiao.recent.u', '[1, {"type": "account"}, "/pay"]')
    expect(readRecent('u')).toEqual(['/pay'])
    localStorage.setItem('qiao.recent.u', '{')
    expect(readRecent('u')).toEqual([])
  })
})
