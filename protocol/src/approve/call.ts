/**
 * How an app signs its calls (approve protocol, section 6): over method, path below the service root, canonical query, digest of
 * the body, approve root, time and counter. Host and proxy prefixes are not signed: a proxy may change them.
 */
import { type Static, Type } from 'typebox'
import { base64url, thumbprint, time } from './text.ts'

export const CALL_TYPE = 'cs-call+jwt'
export const CALL_SKEW_SECONDS = 60
export const CALL_SCHEME = 'Device'

export const callPayload = Type.Object({
  m: Type.String({ maxLength: 8 }),
  p: Type.String({ maxLength: 256 }),
  q: Type.String({ maxLength: 1024 }),
  b: base64url(43),
  r: thumbprint,
  t: time,
  c: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
})
export type CallPayload = Static<typeof callPayload>

/** Parameters sorted by code unit, percent-encoded but for RFC 3986's unreserved characters. */
export function canonicalQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&')
}

const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
