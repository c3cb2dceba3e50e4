/**
 * From the bytes of a body to the value that a shape then judges. Read by content, never by label (tolerance T3): clients of this
 * API send JSON labelled as a form, quoted content types and none at all; a form starts with no brace, a JSON object does.
 * A body that is neither compressed nor well-formed UTF-8 is refused; what comes out holds no NUL and no half character.
 */
import { isUtf8 } from 'node:buffer'
import { Refusal } from '#domain/refusal.ts'
import { assertJsonBounds } from '#http/json-bounds.ts'
import { limits } from '#http/limits.ts'
import { type Form, readForm } from '#http/urlencoded.ts'

const NONE: Form = Object.freeze(Object.create(null))

/** What a body of JSON or form parameters may be before its shape is checked. */
export type Parsed = Form | Record<string, unknown> | readonly unknown[] | string | number | boolean | null

/** Throws Refusal `invalid_request`. An empty text is refused too: the caller knows whether nothing is allowed. */
export function readJson(text: string, longestText?: number): Parsed {
  assertJsonBounds(text, longestText)
  try {
    return JSON.parse(text) as Parsed
  } catch {
    throw new Refusal('invalid_request', 'The JSON could not be read: it is malformed.')
  }
}

/** The text of a body. Throws Refusal `invalid_request` when it is not UTF-8. */
export function decodeBody(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Refusal('invalid_request', 'The body is not UTF-8 text.')
  return bytes.toString('utf8')
}

/** An endpoint that takes parameters: urlencoded, or a JSON object. */
export function readFormBody(text: string): Form | Record<string, unknown> {
  if (!startsWithBrace(text)) return readForm(text)
  const parsed = readJson(text)
  // A text that starts with a brace and is JSON is an object.
  return parsed as Record<string, unknown>
}

/** Parameters of the body and of the query string as one (tolerance T4); the same name in both is refused. */
export function mergeParameters(body: Record<string, unknown>, query: Form): Record<string, unknown> {
  const names = Object.keys(query)
  if (names.length === 0) return body
  const merged: Record<string, unknown> = Object.create(null)
  for (const name of Object.keys(body)) merged[name] = body[name]
  for (const name of names) {
    if (name in merged) {
      throw new Refusal(
        'invalid_request',
        'The parameters could not be read: one is given in the query and in the body.',
      )
    }
    merged[name] = query[name]
  }
  return merged
}

/** A query string; blanks around a name are forgiven (tolerance T2: ` api-version`), values are the door's affair. */
export function readQuery(text: string): Form {
  if (text === '') return NONE
  if (text.length > limits.form_bytes.value) throw new Refusal('too_large')
  const form = readForm(text)
  for (const name of Object.keys(form)) {
    const trimmed = name.trim()
    if (trimmed === name) continue
    if (trimmed === '' || trimmed in form) {
      throw new Refusal('invalid_request', 'The parameters could not be read: one is given twice.')
    }
    form[trimmed] = form[name]!
    delete form[name]
  }
  return form
}

function startsWithBrace(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 123) return true
    if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return false
  }
  return false
}
