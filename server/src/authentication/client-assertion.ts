/**
 * A client's assertion (`private_key_jwt`): a JWT signed with a key that the client registered. RFC 7523 section 3, OpenID Connect
 * Core section 9. Algorithm and key come from the registration (rule H6): `jwk`, `jku`, `x5u` and `x5c` of the header are not
 * read, `kid` only chooses among registered keys, `crit` is refused. It may not live longer than ten minutes.
 */
import { constants, createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import type { ClientDocument } from '#domain/client.ts'

export interface ClientAssertion {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** What is signed: the first two parts with the dot between them. */
  readonly signed: string
  readonly signature: Uint8Array
}

/** What an assertion is good for once: the hash of its `jti` and when it may be forgotten. */
export interface UsedAssertion {
  readonly jti: Uint8Array
  readonly expiresAt_ms: number
}

type Jwk = Readonly<Record<string, unknown>>

const LONGEST = 8192
const LONGEST_LIFE_S = 600
/** How far the clock of a client may be ahead of ours, for `iat` and `nbf`. */
const SKEW_S = 60
const LONGEST_JTI = 256
const MOST_AUDIENCES = 10

const rsa = { kty: 'RSA', digest: 'sha256' } as const
const algorithms = {
  RS256: { ...rsa, options: { padding: constants.RSA_PKCS1_PADDING } },
  PS256: {
    ...rsa,
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
  },
  ES256: { kty: 'EC', digest: 'sha256', options: { dsaEncoding: 'ieee-p1363' } },
} as const
type Algorithm = keyof typeof algorithms

/** The parts of a compact JWS, nothing of it believed yet; undefined when it is none. */
export function readAssertion(text: string): ClientAssertion | undefined {
  if (text.length > LONGEST) return undefined
  const [head, body, signature, more] = text.split('.')
  if (head === undefined || body === undefined || !signature || more !== undefined) return undefined
  const header = objectOf(head)
  const claims = objectOf(body)
  const bytes = bytesOf(signature)
  return header && claims && bytes ? { header, claims, signed: `${head}.${body}`, signature: bytes } : undefined
}

/** Why the assertion does not prove this client now, as a code for the audit; or what must not be used again. */
export function judgeAssertion(
  assertion: ClientAssertion,
  client: { readonly clientId: string; readonly document: Pick<ClientDocument, 'jwks' | 'authAlgorithm'> },
  audiences: readonly string[],
  now_ms: number,
): UsedAssertion | string {
  const { claims } = assertion
  if (claims.iss !== client.clientId || claims.sub !== client.clientId) return 'assertion_subject'
  if (!isMeant(claims.aud, audiences)) return 'assertion_audience'
  const now = Math.floor(now_ms / 1000)
  const { exp, jti } = claims
  if (!isTime(exp) || exp <= now || exp > now + LONGEST_LIFE_S) return 'assertion_expiry'
  if (isLater(claims.nbf, now) || isLater(claims.iat, now)) return 'assertion_early'
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI) return 'assertion_id'
  if (!isSigned(assertion, client.document)) return 'assertion_signature'
  return { jti: hash('sha256', jti, 'buffer'), expiresAt_ms: exp * 1000 }
}

function isSigned(
  { header, signed, signature }: ClientAssertion,
  { jwks, authAlgorithm }: Pick<ClientDocument, 'jwks' | 'authAlgorithm'>,
): boolean {
  const { alg, kid } = header
  if (authAlgorithm !== undefined && alg !== authAlgorithm) return false
  if (typeof alg !== 'string' || !Object.hasOwn(algorithms, alg) || header.crit !== undefined) return false
  const { kty, digest, options } = algorithms[alg as Algorithm]
  const fitting = (jwks?.keys ?? []).filter(
    key => key.kty === kty && mayVerify(key, alg) && (kid === undefined || key.kid === undefined || key.kid === kid),
  )
  return fitting.some(key => verify(digest, Buffer.from(signed), { key: keyOf(key), ...options }, signature))
}

/** A key for encryption, or for another algorithm, signs nothing. RFC 7517 sections 4.2 to 4.4. */
function mayVerify({ use, alg }: Jwk, wanted: string): boolean {
  return (use === undefined || use === 'sig') && (alg === undefined || alg === wanted)
}

const keyOf = (jwk: Jwk): KeyObject => createPublicKey({ key: jwk, format: 'jwk' })

function isMeant(aud: unknown, audiences: readonly string[]): boolean {
  const list = Array.isArray(aud) ? aud : [aud]
  return list.length <= MOST_AUDIENCES && list.some(one => typeof one === 'string' && audiences.includes(one))
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
/** Absent is no obstacle; what is no time is one. */
const isLater = (value: unknown, now: number) => value !== undefined && !(isTime(value) && value <= now + SKEW_S)

function bytesOf(part: string): Buffer | undefined {
  return /^[A-Za-z0-9_-]+$/.test(part) ? Buffer.from(part, 'base64url') : undefined
}

function objectOf(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(bytesOf(part)?.toString('utf8') ?? '')
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}
