/**
 * References between resources (RFC 7643 section 2.4), in and out. Whom a client means it says by `value` (internal id) or by
 * `display` (external id or user name); a `value` that is there and empty takes the reference away, whatever `display` says,
 * because clients unassign by emptying `value` in what they read before (tolerance T8). A null is no statement at all.
 */
import type { MemberRef } from '@countersign/protocol/scim/reference.ts'
import { Refusal } from '#domain/refusal.ts'
import { type Located, locationOf, type Site } from '#scim/location.ts'

export type Reference =
  | { readonly by: 'value'; readonly value: string }
  | { readonly by: 'display'; readonly display: string }
  | { readonly by: 'none' }

const MAX_TEXT = 256

/** Undefined when the client said nothing about it. */
export function readReference(name: string, written: unknown): Reference | undefined {
  if (written === undefined || written === null) return undefined
  if (typeof written !== 'object' || Array.isArray(written)) throw malformed(name)
  const value = textOf(name, written, 'value')
  if (value !== undefined) return value === '' ? { by: 'none' } : { by: 'value', value }
  const display = textOf(name, written, 'display')
  if (display === undefined || display === '') throw malformed(name)
  return { by: 'display', display }
}

function textOf(name: string, written: object, member: 'value' | 'display'): string | undefined {
  const key = Object.keys(written).find(one => one.toLowerCase() === member)
  const found = key === undefined ? undefined : (written as Record<string, unknown>)[key]
  if (found === undefined || found === null) return undefined
  if (typeof found === 'number' && Number.isSafeInteger(found)) return String(found)
  if (typeof found !== 'string') throw malformed(name)
  const text = found.trim()
  if (text.length > MAX_TEXT) throw new Refusal('too_long', `${name}.${member} is too long.`)
  return text
}

const malformed = (name: string) => new Refusal('invalid_value', `${name} needs a value or a display.`)

export function memberRef(site: Site, what: Located, id: string | number, display: string): MemberRef {
  return { type: what, display, value: String(id), $ref: locationOf(site, what, id) }
}
