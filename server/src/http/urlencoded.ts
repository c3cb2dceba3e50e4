/**
 * Reads `application/x-www-form-urlencoded` text, of a body or of a query string (WHATWG URL section 5.1, but strict).
 * Strict: malformed percent escapes, escapes that are not UTF-8, NUL, empty names and names given twice are refused, where
 * the standard repairs or keeps them: two readers of one form must never see two meanings (RFC 6749 section 3.2: no repeats).
 * The answer has no prototype, so that `__proto__` is a name like any other.
 */
import { Refusal } from '#domain/refusal.ts'
import { limits } from '#http/limits.ts'

export type Form = Record<string, string>

const PAIRS = limits.form_pairs.value
const NAME_BYTES = limits.form_name_bytes.value
const VALUE_BYTES = limits.form_value_bytes.value

const unreadable = (why: string) => new Refusal('invalid_request', `The parameters could not be read: ${why}.`)

const AND = 38
const EQUALS = 61

/** `text` is decoded UTF-8; its caller has bounded its length. Throws Refusal `invalid_request`. */
export function readForm(text: string): Form {
  const form: Form = Object.create(null)
  let pairs = 0
  let start = 0
  let equals = -1
  let escaped = false
  // One look at each character finds the ends of names and values, and whether anything is to be decoded.
  for (let at = 0; at <= text.length; at++) {
    const code = at === text.length ? AND : text.charCodeAt(at)
    if (code === AND) {
      if (++pairs > PAIRS) throw unreadable('there are too many')
      if (at > start) takePair(form, text, start, equals === -1 ? at : equals, at, escaped)
      start = at + 1
      equals = -1
      escaped = false
    } else if (code === EQUALS) {
      if (equals === -1) equals = at
    } else if (code === 37 || code === 43) {
      escaped = true
    } else if (code === 0) {
      throw unreadable('one holds a NUL character')
    }
  }
  return form
}

function takePair(form: Form, text: string, start: number, equals: number, end: number, escaped: boolean): void {
  const name = decode(text.slice(start, equals), NAME_BYTES, escaped)
  if (name === '') throw unreadable('one has no name')
  if (name in form) throw unreadable('one is given twice')
  form[name] = decode(text.slice(equals + 1, end), VALUE_BYTES, escaped)
}

function decode(raw: string, maxBytes: number, escaped: boolean): string {
  // Three raw characters make one byte at most, so this bounds the work of decoding.
  if (raw.length > maxBytes * 3) throw unreadable('one is too long')
  const text = escaped ? decodeEscapes(raw) : raw
  if (text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes)) {
    throw unreadable('one is too long')
  }
  return text
}

function decodeEscapes(raw: string): string {
  const spaced = raw.includes('+') ? raw.replaceAll('+', ' ') : raw
  if (!spaced.includes('%')) return spaced
  if (spaced.includes('%00')) throw unreadable('one holds a NUL character')
  try {
    // Refuses malformed escapes, overlong forms and surrogates.
    return decodeURIComponent(spaced)
  } catch {
    throw unreadable('a percent escape is malformed')
  }
}
