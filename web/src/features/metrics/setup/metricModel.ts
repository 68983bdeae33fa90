import { readTests, writeTests, type Condition, type Test } from '@/components/facts/conditions'

export const CATEGORIES = ['result', 'process', 'quality', 'behaviour'] as const
export const UNITS = ['money', 'count', 'percent', 'days', 'score'] as const
export const MEASURES = ['amount', 'amount_excl_tax', 'margin', 'quantity', 'score'] as const
export const ENTITIES = ['account', 'opportunity', 'contract'] as const
export const SHAPES = ['sum', 'count', 'distinct', 'average', 'ratio'] as const
export const COMBINATIONS = ['sum', 'average', 'ratio', 'latest'] as const
export type Shape = (typeof SHAPES)[number]

/** A part of a formula: what is taken of which facts. `of` is a measure, an attribute's name, or what is told apart. */
export interface Leaf { shape: Exclude<Shape, 'ratio'>; of: string; kinds: readonly string[]; tests: Test[] | null; /** A condition that the form cannot say. */ kept?: Condition }
export interface MetricForm {
  code: string; from: string; zh: string; en: string; aboutZh: string; aboutEn: string
  category: string; direction: 'higher' | 'lower' | 'range'; low: string; high: string; combination: string; unit: string
  ratio: boolean; upper: Leaf; lower: Leaf
}

type Body = { of?: string | { attribute: string }; kinds: string[]; where?: Condition }
type Formula = { [shape: string]: Body | { numerator: Formula; denominator: Formula } }
interface Source { code: string; from: string; name: { zh: string; en: string }; description: { zh: string; en: string }; category: string; direction: string | { range: { low: string; high: string } }; combination: string; unit: string; formula: Formula }

const LEAF: Leaf = { shape: 'count', of: '', kinds: [], tests: [] }

export const EMPTY = (from: string): MetricForm => ({
  code: '', from, zh: '', en: '', aboutZh: '', aboutEn: '', category: 'result', direction: 'higher', low: '', high: '', combination: 'sum', unit: 'money',
  ratio: false, upper: { ...LEAF, shape: 'sum', of: 'amount' }, lower: LEAF,
})

function readLeaf(formula: Formula): Leaf {
  const [shape, body] = Object.entries(formula)[0] as [Leaf['shape'], Body]
  const tests = readTests(body.where)
  const of = typeof body.of === 'object' ? `attribute:${body.of.attribute}` : body.of ?? ''
  return { shape, of, kinds: body.kinds, tests, ...(tests === null ? { kept: body.where } : {}) }
}

/** The form of a metric's source, as the server gives it; null for a formula that the form cannot say. */
export function readMetric(text: string): MetricForm | null {
  const source = JSON.parse(text) as Source
  const range = typeof source.direction === 'object' ? source.direction.range : null
  const ratio = 'ratio' in source.formula ? (source.formula.ratio as { numerator: Formula; denominator: Formula }) : null
  if (ratio && ('ratio' in ratio.numerator || 'ratio' in ratio.denominator)) return null
  return {
    code: source.code, from: source.from, zh: source.name.zh, en: source.name.en, aboutZh: source.description.zh, aboutEn: source.description.en,
    category: source.category, direction: range ? 'range' : (source.direction as 'higher' | 'lower'), low: range?.low ?? '', high: range?.high ?? '', combination: source.combination, unit: source.unit,
    ratio: ratio !== null, upper: readLeaf(ratio?.numerator ?? source.formula), lower: ratio ? readLeaf(ratio.denominator) : LEAF,
  }
}

function writeLeaf({ shape, of, kinds, tests, kept }: Leaf): Formula {
  const where = tests === null ? kept : writeTests(tests)
  const what = of.startsWith('attribute:') ? { attribute: of.slice('attribute:'.length) } : of
  return { [shape]: { ...(shape === 'count' ? {} : { of: what }), kinds: [...kinds], where: where ?? {} } }
}

/** What the server takes. */
export function writeMetric(form: MetricForm): string {
  const source: Source = {
    code: form.code.trim(), from: form.from, name: { zh: form.zh.trim(), en: form.en.trim() }, description: { zh: form.aboutZh.trim(), en: form.aboutEn.trim() },
    category: form.category, direction: form.direction === 'range' ? { range: { low: form.low, high: form.high } } : form.direction,
    combination: form.combination, unit: form.unit,
    formula: form.ratio ? { ratio: { numerator: writeLeaf(form.upper), denominator: writeLeaf(form.lower) } } : writeLeaf(form.upper),
  }
  return JSON.stringify(source)
}

/** How parts make the whole follows from the formula, unless one says otherwise. */
export const usualCombination = (form: MetricForm): string => (form.ratio ? 'ratio' : form.upper.shape === 'average' ? 'average' : 'sum')
