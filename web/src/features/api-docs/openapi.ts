/** As much of an OpenAPI 3.1 document as the page shows. */

export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  description?: string
  enum?: unknown[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  oneOf?: Schema[]
  anyOf?: Schema[]
  allOf?: Schema[]
}

export interface Parameter { name: string; in: string; description?: string; required?: boolean; schema?: Schema }
interface Content { content?: Record<string, { schema?: Schema }>; description?: string }

interface RawOperation {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: Content
  responses?: Record<string, Content>
  security?: Record<string, string[]>[]
}

export interface Description {
  info: { title: string; version: string; description?: string }
  paths: Record<string, Record<string, RawOperation>>
  components?: { schemas?: Record<string, Schema> }
}

export interface Operation extends RawOperation { id: string; method: string; path: string; tag: string; isPublic: boolean }

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

/** Every operation by tag, in the order of their addresses. */
export function operationsOf(description: Description, needle: string): Map<string, Operation[]> {
  const wanted = needle.trim().toLowerCase()
  const groups = new Map<string, Operation[]>()
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const method of METHODS) {
      const raw = methods[method]
      if (!raw) continue
      const tag = raw.tags?.[0] ?? 'other'
      const isPublic = raw.security?.some((way) => Object.keys(way).length === 0) ?? raw.security?.length === 0
      const operation = { ...raw, id: `${method}-${path.replace(/^\/api\/v1\//, '').replace(/[^a-z_-]+/g, '-')}`, method, path, tag, isPublic: raw.security?.length === 0 || isPublic }
      if (wanted && ![path, raw.summary ?? '', tag].some((text) => text.toLowerCase().includes(wanted))) continue
      groups.set(tag, [...(groups.get(tag) ?? []), operation])
    }
  }
  return new Map([...groups].sort(([a], [b]) => a.localeCompare(b)))
}

export const nameOf = (ref: string) => ref.split('/').at(-1) ?? ref

/** A schema behind a reference; the schema itself where it is none. */
export function resolve(schema: Schema, description: Description): Schema {
  return schema.$ref ? description.components?.schemas?.[nameOf(schema.$ref)] ?? {} : schema
}

/** A type in a few words: `string (uuid)`, `Figure`, `array of LineView`. */
export function typeOf(schema: Schema | undefined): string {
  if (!schema) return ''
  if (schema.$ref) return nameOf(schema.$ref)
  const choices = schema.oneOf ?? schema.anyOf
  if (choices) return choices.map(typeOf).filter(Boolean).join(' | ')
  if (schema.allOf) return schema.allOf.map(typeOf).filter(Boolean).join(' & ')
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'object']
  return types.map((type) => (type === 'array' ? `array of ${typeOf(schema.items)}` : type === 'string' && schema.format ? `string (${schema.format})` : type)).join(' | ')
}

/** What can be looked into: the properties of an object, its parts' included. */
export function fieldsOf(schema: Schema, description: Description): { name: string; schema: Schema; required: boolean }[] {
  const whole = resolve(schema, description)
  const own = Object.entries(whole.properties ?? {}).map(([name, each]) => ({ name, schema: each, required: whole.required?.includes(name) ?? false }))
  return [...(whole.allOf ?? []).flatMap((part) => fieldsOf(part, description)), ...own]
}

/** The schema inside of lists and choices with nothing. */
export function inside(schema: Schema): Schema {
  if (schema.items) return inside(schema.items)
  const real = (schema.oneOf ?? schema.anyOf)?.filter((each) => each.type !== 'null')
  return real?.length === 1 && real[0] ? inside(real[0]) : schema
}
