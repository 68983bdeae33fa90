import { describe, expect, it } from 'vitest'
import { capture, PARTS, plain, type Card } from './capture'

const cardOf = (text: string): Card => {
  const found = capture(text)
  return found.kind === 'card' ? found.card : {}
}

describe('a pasted card', () => {
  const examples: [string, string, Card][] = [
    ['a business card', '王小明  销售总监\n云峰科技有限公司\n手机：138 0013 8000\n电话：021-62345678\n邮箱：wang@yunfeng.com\n地址：上海市浦东新区世纪大道100号环球大厦20楼', {
      name: '王小明', title: '销售总监', company: '云峰科技有限公司', phone: '13800138000', email: 'wang@yunfeng.com', address: '上海市浦东新区世纪大道100号环球大厦20楼',
    }],
    ['a chat message', '你好，我是上海云峰科技有限公司的李莉，手机13912345678，微信同号', { name: '李莉', company: '上海云峰科技有限公司', phone: '13912345678', wechat: '13912345678' }],
    ['a chat message with a position', '您好！我叫欧阳修文，采购经理，电话 +86 137-1234-5678，微信号：ouyang_88', { name: '欧阳修文', title: '采购经理', phone: '13712345678', wechat: 'ouyang_88' }],
    ['a signature in English', 'Jane Miller\nSales Director\nCloudpeak Technologies Ltd.\nT +44 20 7946 0018\nE jane.miller@cloudpeak.example\n5 High Street, London', {
      name: 'Jane Miller', title: 'Sales Director', company: 'Cloudpeak Technologies Ltd.', phone: '+44 20 7946 0018', email: 'jane.miller@cloudpeak.example', address: '5 High Street, London',
    }],
    ['labels in English', 'Name: Zhang Wei\nCompany: Blue River Inc\nTitle: VP Engineering\nMobile: +8613812345678\nWeChat: zhangwei2020\nAddress: Room 5, 88 Nanjing Road, Shanghai', {
      name: 'Zhang Wei', company: 'Blue River Inc', title: 'VP Engineering', phone: '13812345678', wechat: 'zhangwei2020', address: 'Room 5, 88 Nanjing Road, Shanghai',
    }],
    ['full-width letters and digits', '姓名：赵强　电话：１３８００１３８０００　邮箱：ＺＱ＠ａｂｃ．ｃｏｍ', { name: '赵强', phone: '13800138000', email: 'zq@abc.com' }],
    ['several in one line', '陈静|总经理|华东机械集团|18900001111', { name: '陈静', title: '总经理', company: '华东机械集团', phone: '18900001111' }],
    ['a position before the name', '总经理张伟\n张江大学', { name: '张伟', title: '总经理', company: '张江大学' }],
    ['what people call each other', '王总 13800138000', { name: '王总', phone: '13800138000' }],
    ['a landline alone', '刘芳 0571-88886666转802', { name: '刘芳', phone: '0571-88886666转802' }],
    ['a number for a service', '客服 400-820-1234\n云峰科技有限公司', { company: '云峰科技有限公司', phone: '400-820-1234' }],
    ['a credit code, which is no telephone', '云峰科技有限公司\n税号：91310000MA1FL0LQ2X', { company: '云峰科技有限公司', code: '91310000MA1FL0LQ2X' }],
    ['a site', '云峰科技有限公司 www.yunfeng.com', { company: '云峰科技有限公司', website: 'www.yunfeng.com' }],
    ['a row of a spreadsheet', '周洁\t云峰科技有限公司\t13700001111', { name: '周洁', company: '云峰科技有限公司', phone: '13700001111' }],
  ]
  it.each(examples)('%s', (_, text, card) => { expect(cardOf(text)).toEqual(card) })

  it('with two numbers: the mobile one, the other is left', () => {
    const found = capture('李强\n电话：010-65551234\n手机：13511112222\n传真：010-65551235')
    expect(found).toEqual({ kind: 'card', card: { name: '李强', phone: '13511112222' }, left: [{ part: 'phone', text: '010-65551234' }, { part: 'fax', text: '010-65551235' }] })
    expect(capture('李强 010-65551234 13511112222')).toEqual({ kind: 'card', card: { name: '李强', phone: '13511112222' }, left: [{ part: 'phone', text: '010-65551234' }] })
  })

  it('gives back what it cannot tell', () => {
    expect(capture('您好，我是云帆有限公司的王小明，手机13800138000')).toEqual({ kind: 'card', card: { name: '王小明', company: '云帆有限公司', phone: '13800138000' }, left: [] })
    expect(capture('李强 13511112222 上次展会见过')).toEqual({ kind: 'card', card: { name: '李强', phone: '13511112222' }, left: [{ part: 'other', text: '上次展会见过' }] })
  })
})

describe('what is no card', () => {
  it('is said', () => {
    expect(capture('')).toEqual({ kind: 'nothing' })
    expect(capture(' \n\t \u200b')).toEqual({ kind: 'nothing' })
    expect(capture('今天天气不错')).toEqual({ kind: 'nothing' })
    expect(capture('12345 67890')).toEqual({ kind: 'nothing' })
  })
  it('is a table where rows have columns', () => {
    expect(capture('姓名\t公司\t电话\n王小明\t云峰\t13800138000\n李莉\t华东\t13900139000')).toEqual({ kind: 'table', rows: 3 })
    expect(capture('name,company,phone\nA,B,1\nC,D,2')).toEqual({ kind: 'table', rows: 3 })
  })
  it('is too much where it is longer than a person', () => {
    const rows = Array.from({ length: 5_000 }, (_, at) => `王小明 1380013${String(at).padStart(4, '0')}`)
    expect(capture(rows.join('\n'))).toEqual({ kind: 'too_much', rows: 5_000 })
    expect(capture(rows.map((row) => row.replace(' ', '\t')).join('\n'))).toEqual({ kind: 'table', rows: 5_000 })
    expect(capture('字'.repeat(20_000))).toEqual({ kind: 'too_much', rows: 1 })
  })
})

/** The same numbers each time: a failure can be looked at. */
function random(seed: number) {
  let state = seed
  const next = (below: number) => { state = (state * 1_103_515_245 + 12_345) % 2_147_483_648; return Math.floor((state / 2_147_483_648) * below) }
  return { next, of: <T>(list: readonly T[]): T => list[next(list.length)] as T }
}

const wide = (text: string) => text.replace(/[0-9A-Za-z@.]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0))

describe('any text', () => {
  it('of labels and values is read back, in whatever order and width', () => {
    const { next, of } = random(7)
    for (let round = 0; round < 400; round += 1) {
      const digits = (count: number) => Array.from({ length: count }, () => next(10)).join('')
      const mine: Card = {
        name: of(['王', '李', '欧阳', '赵', '周']) + of(['伟', '小明', '静', '思远']),
        company: of(['云峰', '华东', '蓝海', 'ABC']) + of(['科技有限公司', '机械集团', '股份有限公司']),
        title: of(['总经理', '采购经理', '工程师', '销售总监']),
        phone: `1${of(['3', '5', '8', '9'])}${digits(9)}`,
        email: `a${digits(3)}@b${digits(2)}.com`,
        address: `${of(['上海市', '杭州市'])}${of(['中山路', '人民路'])}${1 + next(900)}号`,
      }
      const label: Record<string, readonly string[]> = {
        name: ['姓名', '联系人', 'Name'], company: ['公司', '单位', 'Company'], title: ['职位', 'Title'], phone: ['手机', '电话', 'Tel', 'Mobile'], email: ['邮箱', 'E-mail'], address: ['地址', 'Address'],
      }
      const keys = PARTS.filter((part) => mine[part] !== undefined && next(4) > 0)
      keys.sort(() => next(3) - 1)
      const lines = keys.map((key) => `${of(label[key] ?? [])}${of([':', '：', ': '])}${next(2) && (key === 'phone' || key === 'email') ? wide(mine[key] ?? '') : mine[key]}`)
      const expected = Object.fromEntries(keys.map((key) => [key, mine[key]]))
      if (!(['name', 'company', 'phone', 'email'] as const).some((key) => keys.includes(key))) continue
      expect(cardOf(lines.join(of(['\n', '\n\n', '\r\n']))), lines.join(' / ')).toEqual(expected)
    }
  })

  it('never fails, keeps to what was pasted, and says nothing empty', () => {
    const { next, of } = random(11)
    const pieces = ['王', '小明', '有限公司', '总经理', '手机', '电话', '微信', '：', ':', ' ', '\n', '\t', ',', '，', '(', ')', '[', '138', '00138000', '021-', '+86', '@', 'a.com', 'www.', '税号', 'T ', 'Ltd.', '\u0000', '\u200b', '😀', '\ud800', '路', '号', '..', '\\', '*', '１２３', 'Ａ']
    for (let round = 0; round < 1_000; round += 1) {
      const text = Array.from({ length: next(40) }, () => of(pieces)).join('')
      const found = capture(text)
      if (found.kind !== 'card') continue
      const source = plain(text).toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
      for (const [part, value] of Object.entries(found.card)) {
        expect(value.trim(), part).toBe(value)
        expect(value, part).not.toBe('')
        expect(value.length).toBeLessThanOrEqual(200)
        expect(source, `${part} of ${JSON.stringify(text)}`).toContain(value.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))
      }
      expect(capture(text)).toEqual(found)
    }
  }, 20_000)

  it('is read in no time, however it is made', () => {
    for (const text of ['1'.repeat(8_000), '1-'.repeat(4_000), 'a@'.repeat(4_000), 'a.'.repeat(4_000), '公司'.repeat(4_000), '王 '.repeat(4_000), '电话:'.repeat(2_600), '+1 '.repeat(2_600)]) {
      const began = performance.now()
      capture(text)
      expect(performance.now() - began, text.slice(0, 6)).toBeLessThan(500)
    }
  })
})
