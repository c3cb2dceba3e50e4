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

/** `text` is decoded UTF-8; its caller has bounded its length. Throws Refusal `invalid_request`. */
export function readForm(text: string): Form {
  const form: Form = Object.create(null)
  let pairs = 0
  let start = 0
  while (start < text.length) {
    if (++pairs > PAIRS) throw unreadable('there are too many')
    let end = text.indexOf('&', start)
    if (end === -1) end = text.length
    if (end > start) readPair(form, text.slice(start, end))
    start = end + 1
  }
  return form
}

function readPair(form: Form, pair: string): void {
  const equals = pair.indexOf('=')
  const name = decode(equals === -1 ? pair : pair.slice(0, equals), NAME_BYTES)
  if (name === '') throw unreadable('one has no name')
  if (name in form) throw unreadable('one is given twice')
  form[name] = equals === -1 ? '' : decode(pair.slice(equals + 1), VALUE_BYTES)
}

function decode(raw: string, maxBytes: number): string {
  // Three raw characters make one byte at most, so this bounds the work of decoding.
  if (raw.length > maxBytes * 3) throw unreadable('one is too long')
  const spaced = raw.includes('+') ? raw.replaceAll('+', ' ') : raw
  const text = spaced.includes('%') ? decodeEscapes(spaced) : spaced
  if (text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes)) {
    throw unreadable('one is too long')
  }
  if (text.includes('\0')) throw unreadable('one holds a NUL character')
  return text
}

function decodeEscapes(text: string): string {
  try {
    // Refuses malformed escapes, overlong forms and surrogates.
    return decodeURIComponent(text)
  } catch {
    throw unreadable('a percent escape is malformed')
  }
}
