import words from './words.json'

/*
 * What a pasted text says of a person: by rules alone, nothing is asked of anybody. Labels come first ("Tel:"), then what can
 * be told by its form (numbers, addresses of mail), then companies, addresses, positions and names; what is left is given back.
 */

export const PARTS = ['name', 'title', 'company', 'phone', 'email', 'wechat', 'address', 'website', 'code'] as const
export type Part = (typeof PARTS)[number]
export type Card = Partial<Record<Part, string>>
export interface Left { part: 'phone' | 'fax' | 'other'; text: string }

export type Captured =
  | { kind: 'card'; card: Card; left: Left[] }
  /** Rows with columns: a list of people, not one. */
  | { kind: 'table'; rows: number }
  | { kind: 'too_much'; rows: number }
  | { kind: 'nothing' }

/** More than a card and the chat around it has. */
const MOST_LINES = 60
const MOST_CHARS = 8_000
/** As long as a field of a record may be. */
const MOST_VALUE = 200

const HAN = /\p{Script=Han}/u
const ALL_HAN = /^\p{Script=Han}+$/u

/** Full-width digits, letters and marks as half-width ones; what cannot be seen is gone. */
export function plain(text: string): string {
  return text
    .replace(/[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A\uFF20\uFF0B\uFF0D\uFF0E\uFF1A\uFF5C\uFF3F\uFF0F\uFF08\uFF09]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00A0\u2000-\u200A]/g, ' ')
    .replace(/[\u2010-\u2015]/g, '-')
    // eslint-disable-next-line no-control-regex -- what a paste brings along and nobody sees
    .replace(/[\u0000-\u0008\u000B-\u001F\u007F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g, (char) => (char === '\r' || char === '\u2028' || char === '\u2029' ? '\n' : ''))
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const anyOf = (list: readonly string[]) => [...list].sort((a, b) => b.length - a.length).map(escaped).join('|')
const isOneOf = (list: readonly string[]) => { const known = new Set(list); return (text: string) => known.has(text) }

type Label = keyof typeof words.labels
const LABELS = Object.entries(words.labels) as [Label, string[]][]
/** A label with a mark behind it, or a Chinese one with a value right behind it. */
const LABEL_OF = new Map(LABELS.flatMap(([label, names]) => names.map((name) => [name, label] as const)))
const LABEL = new RegExp(`(?:^|(?<=[\\s,;\\uFF0C\\uFF1B\\u3001\\u3002|/(]))(${anyOf(LABELS.flatMap(([, names]) => names))})\\s*[:=]\\s*`, 'giu')
const BARE = new RegExp(`^(${anyOf(LABELS.flatMap(([, names]) => names))})\\s+(?=\\S)|^(${anyOf(LABELS.filter(([label]) => label !== 'company' && label !== 'other').flatMap(([, names]) => names).filter((name) => HAN.test(name)))})(?=[\\w+])`, 'iu')
/** `T +86 21 ...` of a signature. */
const LETTER = /^([TMPFEWA])[.:]?\s+(?=\S)/
const LETTERS: Record<string, Label> = { T: 'phone', M: 'phone', P: 'phone', F: 'fax', E: 'email', W: 'website', A: 'address' }

const MAIL = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}/g
const SITE = /(?:https?:\/\/|www\.)[\w\-./?=&%#~:]{3,180}/gi
const CODE = /(?<![0-9A-Z])[159Y][1239]\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])/g
const MOBILE = /(?<![\d+])(?:(?:\+|00)?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)/g
const LAND = /(?<![\d+])(?:(?:\+|00)86[-\s]?)?\(?0?\d{2,3}\)?[-\s]\d{7,8}(?:\s*(?:-|\u8f6c|ext\.?|x)\s*\d{1,6})?(?!\d)|(?<!\d)400[-\s]?\d{3}[-\s]?\d{4}(?!\d)|(?<![\d+])0\d{9,11}(?!\d)/gi
const ABROAD = /(?<!\d)\+\d{1,3}[-\s(]?[\d\s().-]{6,18}\d(?!\d)/g
const LOOSE = /\+?\d[\d\s().-]{4,20}\d(?:\s*(?:-|\u8f6c|ext\.?|x)\s*\d{1,6})?/gi
const WECHAT_ID = /[A-Za-z][-_A-Za-z0-9]{5,19}/

/** What separates what a line says: blanks are no separator before it is known to be Chinese. */
const MARKS = /[\n\t|;,\uFF0C\uFF1B\u3001\u3002\uFF01!\u2022\u00B7*]+/

const surname = new RegExp(`^(?:${anyOf(words.compoundSurnames)}|[${words.surnames}])`, 'u')
const titleEnd = new RegExp(`(?:${anyOf(words.titles)})$`, 'u')
const titleStart = new RegExp(`^(${anyOf(words.titles)})`, 'u')
const shortTitle = new RegExp(`^(?:${anyOf(words.compoundSurnames)}|[${words.surnames}])(?:${anyOf(words.shortTitles)})$`, 'u')
const companyEnd = new RegExp(`(?:${anyOf(words.companyEnds)})(?:\\([^()]{1,20}\\))?$`, 'u')
const companyThen = new RegExp(`^(.{2,60}?(?:${anyOf(words.companyEnds)}))\\s*(?:\\u7684\\s*)?(\\S.*)$`, 'u')
const addressMark = new RegExp(anyOf(words.addressWords), 'gu')
const leadIn = new RegExp(`^(?:${anyOf(words.leadIns)})\\s*`, 'iu')
const isGreeting = isOneOf(words.greetings)
const isCompanyWord = isOneOf(words.companyWords)
const isTitleWord = isOneOf(words.titleWords)
const isAddressWord = isOneOf(words.addressWordsLatin)

const tidy = (text: string) => text.replace(/\s+/g, ' ').replace(/^[\s:,;.\-_/()|\u3001\u3002\uFF0C]+|[\s:,;\-_/(|\u3001\u3002\uFF0C]+$/g, '').trim()
const latinWords = (text: string) => text.toLowerCase().split(/[\s,]+/).filter(Boolean)

const isAddress = (text: string): boolean => {
  if (HAN.test(text)) return text.length >= 6 && new Set(text.match(addressMark) ?? []).size >= 2 && !companyEnd.test(text)
  return /\d/.test(text) && latinWords(text).some(isAddressWord)
}
const isCompany = (text: string): boolean => (HAN.test(text) ? text.length >= 4 && companyEnd.test(text) : latinWords(text).length > 1 && latinWords(text).some(isCompanyWord))
const isTitle = (text: string): boolean => (HAN.test(text) ? text.length <= 16 && !/\s/.test(text) && titleEnd.test(text) && !shortTitle.test(text) : text.length <= 60 && latinWords(text).some(isTitleWord) && !/\d/.test(text))
const isName = (text: string): boolean => {
  if (ALL_HAN.test(text)) return shortTitle.test(text) || (text.length >= 2 && text.length <= 4 && surname.test(text) && !titleEnd.test(text) && !companyEnd.test(text))
  return /^(?:[A-Z][A-Za-z'.-]*|[A-Z]+)(?: (?:[A-Z][A-Za-z'.-]*|[A-Z]+|de|van|von|der|bin|la)){1,3}$/.test(text) && !latinWords(text).some((word) => isCompanyWord(word) || isAddressWord(word) || isTitleWord(word))
}

const IS_MOBILE = /^1[3-9]\d{9}$/

/** A mobile number by its digits alone; another as it is written. */
function number(text: string): string {
  const digits = text.replace(/\D/g, '').replace(/^(?:00)?86(?=1[3-9]\d{9}$)/, '')
  return IS_MOBILE.test(digits) ? digits : tidy(text)
}

class Reading {
  readonly card: Card = {}
  readonly left: Left[] = []

  /** Keeps a value, the first of its kind; true where it was taken. */
  take(part: Part, value: string): boolean {
    const text = tidy(value).slice(0, MOST_VALUE).trim()
    if (!text || this.card[part] !== undefined) return false
    this.card[part] = text
    return true
  }

  phone(text: string) {
    const value = number(text)
    if (value && value !== this.card.phone && !this.left.some((one) => one.text === value) && !this.take('phone', value)) this.left.push({ part: 'phone', text: value })
  }

  /** Of several numbers the mobile one is the one that somebody answers. */
  preferMobile() {
    const { phone } = this.card
    const mobile = this.left.find((one) => one.part === 'phone' && IS_MOBILE.test(one.text))
    if (phone === undefined || IS_MOBILE.test(phone) || !mobile) return
    this.card.phone = mobile.text
    mobile.text = phone
  }

  other(text: string) {
    const value = tidy(text).slice(0, MOST_VALUE)
    // A mark, a number or a label alone says nothing.
    if (value.length > 1 && !LABEL_OF.has(value.toLowerCase()) && !isGreeting(value.toLowerCase()) && /\p{L}/u.test(value)) this.left.push({ part: 'other', text: value })
  }
}

/** Takes what can be told by its form alone out of a text. */
function takeForms(text: string, reading: Reading): string {
  const found: string[] = []
  const cut = (pattern: RegExp, use: (match: string) => void) => (whole: string) => whole.replace(pattern, (match) => { use(match); return '\n' })
  let rest = cut(MAIL, (match) => { if (!reading.take('email', match.toLowerCase()) && reading.card.email !== match.toLowerCase()) reading.other(match) })(text)
  rest = cut(SITE, (match) => { reading.take('website', match) })(rest)
  rest = cut(CODE, (match) => { reading.take('code', match) })(rest)
  rest = cut(MOBILE, (match) => reading.phone(match))(rest)
  rest = cut(LAND, (match) => found.push(match))(rest)
  rest = cut(ABROAD, (match) => found.push(match))(rest)
  found.forEach((match) => reading.phone(match))
  return rest
}

/** A value that somebody put a label before. */
function labelled(label: Label, value: string, reading: Reading): string {
  switch (label) {
    case 'phone': {
      const rest = takeForms(value, reading)
      return reading.card.phone !== undefined ? rest : rest.replace(LOOSE, (match) => { reading.phone(match); return '\n' })
    }
    case 'fax': return value.replace(LOOSE, (match) => { reading.left.push({ part: 'fax', text: tidy(match) }); return '\n' })
    case 'wechat': {
      const digits = /1[3-9]\d{9}/.exec(value)?.[0]
      const id = digits ?? WECHAT_ID.exec(value)?.[0]
      if (id) { reading.take('wechat', id); return value.replace(id, '\n') }
      return value
    }
    case 'email': case 'website': case 'code': return takeForms(value, reading)
    case 'other': return ''
    case 'name': case 'company': case 'title': case 'address': {
      // A label holds to the end of its line; an address may have commas.
      const end = label === 'address' ? /[\n;\uFF1B\u3002|]/ : /[\n;,\uFF0C\uFF1B\u3001\u3002|]/
      const at = value.search(end)
      const own = at < 0 ? value : value.slice(0, at)
      return reading.take(label, own) ? (at < 0 ? '' : value.slice(at)) : value
    }
  }
}

/** The parts of a line by their labels; what has none comes back. */
function takeLabels(line: string, reading: Reading): string {
  const bare = BARE.exec(line) ?? LETTER.exec(line)
  const first = bare ? LABEL_OF.get((bare[1] ?? bare[2] ?? '').toLowerCase()) ?? LETTERS[bare[1] ?? ''] : undefined
  const marks = [...line.matchAll(LABEL)]
  if (marks.length === 0) return first && bare ? labelled(first, line.slice(bare[0].length), reading) : line
  const rest = [line.slice(0, marks[0]?.index ?? 0)]
  marks.forEach((mark, at) => {
    const label = LABEL_OF.get((mark[1] ?? '').toLowerCase())
    const value = line.slice(mark.index + mark[0].length, marks[at + 1]?.index)
    rest.push(label ? labelled(label, value, reading) : value)
  })
  return rest.join('\n')
}

/** One piece that is none of the above: a company, an address, a position or a name; false where it is none. */
function takeOne(text: string, reading: Reading): boolean {
  if (isAddress(text)) return reading.take('address', text)
  if (isCompany(text)) return reading.take('company', text)
  if (isName(text)) {
    const short = shortTitle.exec(text) && titleEnd.exec(text)
    if (short) reading.take('title', short[0])
    return reading.take('name', text)
  }
  if (isTitle(text)) {
    // Name and position in one word, whichever comes first.
    const end = titleEnd.exec(text)?.[0]
    const before = end ? text.slice(0, -end.length) : ''
    if (end && before && isName(before)) return [reading.take('name', before), reading.take('title', end)].some(Boolean)
    return reading.take('title', text)
  }
  const start = titleStart.exec(text)?.[1]
  if (start && isName(text.slice(start.length))) return [reading.take('title', start), reading.take('name', text.slice(start.length))].some(Boolean)
  const company = companyThen.exec(text)
  if (company?.[1] && company[2] && isCompany(company[1])) {
    const taken = reading.take('company', company[1])
    return takePiece(company[2], reading) || taken
  }
  return false
}

function takePiece(raw: string, reading: Reading): boolean {
  let text = tidy(raw)
  for (let greeting = words.greetings.find((word) => HAN.test(word) && text.startsWith(word)); greeting; greeting = undefined) text = tidy(text.slice(greeting.length))
  text = tidy(text.replace(leadIn, ''))
  if (!text || isGreeting(text.toLowerCase())) return true
  if (takeOne(text, reading)) return true
  const parts = text.split(/[\s/()]+/).filter(Boolean)
  // An English company keeps its blanks; Chinese pieces stand for themselves.
  if (parts.length > 1 && parts.length <= 12 && HAN.test(text)) {
    const missed = parts.filter((part) => !takeOne(part, reading))
    missed.forEach((part) => reading.other(part))
    return true
  }
  return false
}

/** A table: lines of as many cells each, as a spreadsheet copies them. */
function isTable(lines: readonly string[]): boolean {
  const rows = lines.filter((line) => (line.match(/\t/g)?.length ?? 0) >= 1)
  if (rows.length >= 2 && rows.length >= lines.length * 0.8) return true
  const commas = lines.map((line) => line.match(/,/g)?.length ?? 0)
  return lines.length >= 3 && (commas[0] ?? 0) >= 2 && commas.every((count) => count === commas[0])
}

/** What a pasted text says. */
export function capture(pasted: string): Captured {
  const lines = plain(pasted).split('\n').map((line) => line.replace(/^ +| +$/g, '')).filter((line) => line.trim() !== '')
  if (lines.length === 0) return { kind: 'nothing' }
  if (isTable(lines)) return { kind: 'table', rows: lines.length }
  if (lines.length > MOST_LINES || pasted.length > MOST_CHARS) return { kind: 'too_much', rows: lines.length }
  const reading = new Reading()
  const same = words.sameAsPhone.find((word) => lines.some((line) => line.toLowerCase().includes(word)))
  const plainLines = lines.map((line) => (same ? words.sameAsPhone.reduce((text, word) => text.split(word).join('\n'), line) : line))
  const unlabelled = plainLines.map((line) => takeLabels(line.replace(/\t/g, '\n'), reading)).map((line) => takeForms(line, reading))
  for (const line of unlabelled) {
    // An English address has commas of its own.
    const whole = tidy(line.replace(/\n/g, ' '))
    if (!HAN.test(whole) && isAddress(whole) && reading.take('address', whole)) continue
    for (const piece of line.split(MARKS)) if (tidy(piece) && !takePiece(piece, reading)) reading.other(piece)
  }
  reading.preferMobile()
  if (same && reading.card.phone) reading.take('wechat', reading.card.phone)
  const { card, left } = reading
  return card.name ?? card.company ?? card.phone ?? card.email ?? card.wechat ? { kind: 'card', card, left } : { kind: 'nothing' }
}
