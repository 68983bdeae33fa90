import { describe, expect, it } from 'vitest'
import en from '../locales/en.json'
import zh from '../locales/zh-CN.json'
import { statusOf } from './types'

describe('how a line stands', () => {
  it('is said in the words of the vocabulary', () => {
    const words = (status: string) => [zh.status[statusOf(status)], en.status[statusOf(status)]]
    expect(words('earned')).toEqual(['\u751f\u6548', 'In force'])
    expect(words('pending')).toEqual(['\u5f85\u751f\u6548', 'Pending'])
    expect(words('held')).toEqual(['\u51bb\u7ed3', 'Held'])
    expect(words('forfeited')).toEqual(['\u4f5c\u5e9f', 'Forfeited'])
    expect(words('paid')).toEqual(['\u5df2\u53d1', 'Paid'])
  })
})
