/**
 * Reads the members of a create or update body: names in any case (RFC 7643 section 2.1), one at a time, each with its bound.
 * PUT merges here: what is absent or null stays as it is, and `schemas` is not looked at (tolerance T7, T8), because the
 * clients in the field send single members and wrong lists. Members that nobody asks for are ignored (T2).
 */
import { Refusal } from '#domain/refusal.ts'
import { readDate } from '#scim/dates.ts'

export interface Members {
  /** The value as it came; undefined when absent or null. */
  any(name: string): unknown
  /** A text or a whole number, without blanks around it. An empty text is one. */
  text(name: string, maxLength: number): string | undefined
  flag(name: string): boolean | undefined
  /** Milliseconds. An empty text says nothing. */
  date(name: string): number | undefined
  group(name: string): Members | undefined
  list(name: string, maxItems: number): readonly unknown[] | undefined
}

/** Refuses what is no object. `path` names the place in refusals. */
export function membersOf(body: unknown, path = ''): Members {
  if (!isObject(body)) {
    throw path === '' ? new Refusal('invalid_request', 'The body is not a JSON object.') : wrong(path, 'an object')
  }
  const byName = new Map<string, unknown>()
  for (const [name, value] of Object.entries(body)) {
    const lower = name.toLowerCase()
    // The same member in two spellings would be read differently by the next reader of this body.
    if (byName.has(lower)) throw new Refusal('invalid_request', 'A member is given twice.')
    byName.set(lower, value)
  }
  const any = (name: string) => byName.get(name.toLowerCase()) ?? undefined
  const place = (name: string) => (path === '' ? name : `${path}.${name}`)

  return {
    any,
    text(name, maxLength) {
      const value = any(name)
      if (value === undefined) return undefined
      return readText(place(name), value, maxLength)
    },
    flag(name) {
      const value = any(name)
      if (value === undefined || typeof value === 'boolean') return value
      const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
      if (word === 'true' || word === 'false') return word === 'true'
      throw wrong(place(name), 'true or false')
    },
    date(name) {
      const value = any(name)
      if (value === undefined || value === '') return undefined
      const at_ms = readDate(value)
      if (at_ms === undefined) throw wrong(place(name), 'a date like 2020-05-15T18:15:21Z')
      return at_ms
    },
    group(name) {
      const value = any(name)
      return value === undefined ? undefined : membersOf(value, place(name))
    },
    list(name, maxItems) {
      const value = any(name)
      if (value === undefined) return undefined
      if (!Array.isArray(value)) throw wrong(place(name), 'a list')
      if (value.length > maxItems) throw new Refusal('too_long', `${place(name)} has more than ${maxItems} elements.`)
      return value
    },
  }
}

function readText(place: string, value: unknown, maxLength: number): string {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  if (typeof value !== 'string') throw wrong(place, 'a text')
  const text = value.trim()
  if (text.length > maxLength) throw new Refusal('too_long', `${place} has more than ${maxLength} characters.`)
  if (text.includes('\u0000')) throw wrong(place, 'a text without NUL')
  return text
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wrong = (place: string, wanted: string) => new Refusal('invalid_value', `${place} is not ${wanted}.`)
