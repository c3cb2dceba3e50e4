/**
 * `attributes` and `excludedAttributes` (RFC 7644 section 3.9), mutually exclusive, as a list or comma separated: member names,
 * dotted sub-attributes, whole extension URNs. `id` and `schemas` always come back (RFC 7643 section 7, returned "always").
 * Surprise: an extension that was not selected also leaves the list of `schemas`, which names only what is there.
 */
import { Refusal } from '#domain/refusal.ts'
import type { Selectable } from '#scim/selectable.ts'

/** A member, or one of its sub-attributes; in lower case. */
interface Path {
  readonly member: string
  readonly sub?: string
}

export interface Selection {
  readonly kind: 'all' | 'only' | 'without'
  readonly paths: readonly Path[]
}

const ALWAYS: ReadonlySet<string> = new Set(['id', 'schemas'])
const MAX_NAMES = 100
const everything: Selection = { kind: 'all', paths: [] }

/** Refuses unknown names and the two together. */
export function readSelection(known: Selectable, attributes: unknown, excluded: unknown): Selection {
  const wanted = namesOf(attributes)
  const unwanted = namesOf(excluded)
  if (wanted.length > 0 && unwanted.length > 0) {
    throw new Refusal('invalid_value', 'attributes and excludedAttributes exclude each other.')
  }
  if (wanted.length > 0) return { kind: 'only', paths: wanted.flatMap(name => pathsOf(known, name)) }
  if (unwanted.length > 0) return { kind: 'without', paths: unwanted.flatMap(name => pathsOf(known, name)) }
  return everything
}

function namesOf(written: unknown): readonly string[] {
  if (written === undefined || written === null) return []
  const list: readonly unknown[] =
    typeof written === 'string' ? written.split(',') : Array.isArray(written) ? written : [0]
  if (list.length > MAX_NAMES) throw new Refusal('too_long', `More than ${MAX_NAMES} attribute names.`)
  return list.flatMap(one => {
    if (typeof one !== 'string') throw new Refusal('invalid_value', 'An attribute name is a text.')
    return one
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== '')
  })
}

function pathsOf(known: Selectable, name: string): readonly Path[] {
  const lower = name.toLowerCase()
  if (lower === known.schema) return Object.keys(known.members).map(member => ({ member }))
  for (const [extension, subs] of Object.entries(known.extensions)) {
    if (lower === extension) return [{ member: extension }]
    if (lower.startsWith(`${extension}:`)) return [subPath(name, extension, subs, lower.slice(extension.length + 1))]
  }
  const bare = lower.startsWith(`${known.schema}:`) ? lower.slice(known.schema.length + 1) : lower
  const [member = '', ...rest] = bare.split('.')
  const subs = Object.hasOwn(known.members, member) ? known.members[member] : undefined
  if (subs === undefined) throw unknownName(name)
  return [rest.length === 0 ? { member } : subPath(name, member, subs, rest.join('.'))]
}

function subPath(name: string, member: string, subs: readonly string[], sub: string): Path {
  if (!subs.includes(sub)) throw unknownName(name)
  return { member, sub }
}

const unknownName = (name: string) =>
  new Refusal('invalid_path', `${name.slice(0, 40)} is no attribute of this resource.`)

/** Whether any part of a member is shown: what nobody sees need not be loaded. The name as on the wire. */
export function isWanted(selection: Selection, member: string): boolean {
  const lower = member.toLowerCase()
  if (selection.kind === 'all' || ALWAYS.has(lower)) return true
  if (selection.kind === 'only') return selection.paths.some(path => path.member === lower)
  return !selection.paths.some(path => path.member === lower && path.sub === undefined)
}

/** The resource with only what was selected; the original stays as it is. */
export function select(resource: object, selection: Selection): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(resource)) {
    if (!isWanted(selection, name)) continue
    const subs = subsOf(selection, name.toLowerCase())
    shown[name] = subs.size === 0 ? value : pick(value, subs, selection.kind === 'only')
  }
  if (Array.isArray(shown.schemas)) {
    shown.schemas = shown.schemas.filter(schema => !Object.hasOwn(resource, schema) || Object.hasOwn(shown, schema))
  }
  return shown
}

/** The sub-attributes that were named; none when the whole member was. */
function subsOf(selection: Selection, member: string): ReadonlySet<string> {
  if (selection.kind === 'all' || ALWAYS.has(member)) return new Set()
  const paths = selection.paths.filter(path => path.member === member)
  if (paths.some(path => path.sub === undefined)) return new Set()
  return new Set(paths.flatMap(path => path.sub ?? []))
}

function pick(value: unknown, subs: ReadonlySet<string>, keep: boolean): unknown {
  if (Array.isArray(value)) return value.map(one => pick(one, subs, keep))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => subs.has(name.toLowerCase()) === keep))
}
