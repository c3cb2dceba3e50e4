/**
 * `attributes` and `excludedAttributes` on configuration documents (RFC 7644 section 3.9), for top-level members and whole
 * extensions. A path into a member (`meta.location`) brings the whole member; excluding one excludes nothing, so that an
 * answer never lacks what was not named. `schemas` and `id` always come back. Names are those of the document's shape; another
 * one is refused, for a selection that is ignored shows more than was asked for (rule A4).
 */
import type { TSchema } from 'typebox'
import type { Parameters } from '#configuration/parameters.ts'
import { Refusal } from '#domain/refusal.ts'

const ALWAYS = new Set(['schemas', 'id'])
/** Clients of the reference leave these out of long lists; documents here never have them. */
const ABSENT = new Set([
  'adapterparameters',
  'adaptercode',
  'manageradaptercode',
  'directauthenticatorpolicy',
  'copyfrom',
])

/** Chooses members of a document; made once per request. */
export function selected(parameters: Parameters, shape: TSchema): <T extends object>(document: T) => T {
  const wanted = namesIn(parameters.get('attributes'), shape)
  const unwanted = new Set(namesIn(parameters.get('excludedattributes'), shape))
  if (wanted.length > 0 && unwanted.size > 0) {
    throw new Refusal('invalid_value', 'attributes and excludedAttributes cannot be given together.')
  }
  if (wanted.length === 0 && unwanted.size === 0) return document => document

  const keeps = (member: string) => {
    if (ALWAYS.has(member)) return true
    if (wanted.length === 0) return !unwanted.has(member)
    return wanted.some(name => restOf(name, member) !== undefined)
  }
  return document =>
    Object.fromEntries(Object.entries(document).filter(([member]) => keeps(member.toLowerCase()))) as typeof document
}

function namesIn(text: string | undefined, shape: TSchema): readonly string[] {
  const names = (text ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '')
  const unknown = names.find(name => !ABSENT.has(name) && !isKnown(name, shape))
  if (unknown === undefined) return names
  throw new Refusal('invalid_path', `${unknown.slice(0, 40)} is no attribute of this document.`)
}

type Shaped = { readonly properties?: Readonly<Record<string, Shaped>>; readonly items?: Shaped }

/** Whether the path leads to a member of the shape, at any depth. */
function isKnown(path: string, shape: Shaped): boolean {
  const { properties = {} } = shape.items ?? shape
  return Object.entries(properties).some(([member, inner]) => {
    const rest = restOf(path, member.toLowerCase())
    return rest !== undefined && (rest === '' || isKnown(rest, inner))
  })
}

/** What follows the member in a path: empty when the path is the member, undefined when it does not start with it. */
function restOf(path: string, member: string): string | undefined {
  if (path === member) return ''
  return path.startsWith(`${member}.`) || path.startsWith(`${member}:`) ? path.slice(member.length + 1) : undefined
}
