/**
 * Parameters of an authorization request: which there are and how long they may be. RFC 6749 appendix A, OpenID Connect Core section
 * 3.1.2.1. Names that are not in this table are ignored, as the standards ask; an empty value counts as none (RFC 6749 section
 * 3.1). Surprise: the same table reads the claims of a request object and JSON, where `max_age` may be a number.
 */
import { Refusal, type RefusalCode } from '#domain/refusal.ts'

const MOST = 64

/** Most characters of each. */
const LONGEST = {
  client_id: 128,
  response_type: 64,
  response_mode: 64,
  redirect_uri: 2000,
  scope: 1024,
  state: 2048,
  nonce: 1024,
  prompt: 64,
  max_age: 9,
  acr_values: 1024,
  login_hint: 255,
  id_token_hint: 8192,
  ui_locales: 256,
  code_challenge: 128,
  code_challenge_method: 16,
  request: 8192,
  request_uri: 512,
} as const

export type ParameterName = keyof typeof LONGEST
export type Parameters = Readonly<Partial<Record<ParameterName, string>>>

const controls = /\p{Cc}/u

export function readParameters(raw: Readonly<Record<string, unknown>>): Parameters {
  if (Object.keys(raw).length > MOST) throw new Refusal('invalid_request', `There are more than ${MOST} parameters.`)
  return readNames(raw, 'invalid_request')
}

/** Claims of a request object. */
export const readClaims = (claims: Readonly<Record<string, unknown>>): Parameters =>
  readNames(claims, 'invalid_request_object')

function readNames(raw: Readonly<Record<string, unknown>>, code: RefusalCode): Parameters {
  const read: Partial<Record<ParameterName, string>> = {}
  for (const name of Object.keys(LONGEST) as ParameterName[]) {
    const value = Object.hasOwn(raw, name) ? raw[name] : undefined
    if (value === undefined || value === '') continue
    const text = name === 'max_age' && typeof value === 'number' ? String(value) : value
    if (typeof text !== 'string' || text.length > LONGEST[name] || controls.test(text))
      throw new Refusal(code, `${name} is a text of at most ${LONGEST[name]} characters without control characters.`)
    read[name] = text
  }
  return read
}
