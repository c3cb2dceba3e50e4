/**
 * What a client signed with a key that it registered: its assertions (RFC 7523) and its request objects (RFC 9101), both compact JWS.
 * Algorithm and key come from the registration (rule H6): `jwk`, `jku`, `x5u` and `x5c` of the header are not read, `kid` only chooses
 * among registered keys, `crit` is refused.
 */
import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { ClientAlgorithm, ClientDocument } from '#domain/client.ts'

export interface ClientJws {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** What is signed: the first two parts with the dot between them. */
  readonly signed: string
  readonly signature: Uint8Array
}

type Jwk = Readonly<Record<string, unknown>>

const LONGEST = 8192
/** How far the clock of a client may be ahead of ours, for `iat` and `nbf`. */
const SKEW_S = 60
const MOST_AUDIENCES = 10

const rsa = { kty: 'RSA', digest: 'sha256' } as const
const algorithms = {
  RS256: { ...rsa, options: { padding: constants.RSA_PKCS1_PADDING } },
  PS256: {
    ...rsa,
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
  },
  ES256: { kty: 'EC', digest: 'sha256', options: { dsaEncoding: 'ieee-p1363' } },
} as const satisfies Record<ClientAlgorithm, object>

/** The parts of a compact JWS, nothing of it believed yet; undefined when it is none. */
export function readClientJws(text: string): ClientJws | undefined {
  if (text.length > LONGEST) return undefined
  const [head, body, signature, more] = text.split('.')
  if (head === undefined || body === undefined || !signature || more !== undefined) return undefined
  const header = objectOf(head)
  const claims = objectOf(body)
  const bytes = bytesOf(signature)
  return header && claims && bytes ? { header, claims, signed: `${head}.${body}`, signature: bytes } : undefined
}

/** `only`: the one algorithm that the client registered for this. */
export function isSignedByClient(
  { header, signed, signature }: ClientJws,
  { jwks }: Pick<ClientDocument, 'jwks'>,
  only: ClientAlgorithm | undefined,
): boolean {
  const { alg, kid } = header
  if (only !== undefined && alg !== only) return false
  if (typeof alg !== 'string' || !Object.hasOwn(algorithms, alg) || header.crit !== undefined) return false
  const { kty, digest, options } = algorithms[alg as ClientAlgorithm]
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

/** For us and for nobody else: what is also meant for another server could be carried from there to here. */
export function isMeantForUs(aud: unknown, names: readonly string[]): boolean {
  const list = Array.isArray(aud) ? aud : [aud]
  return (
    list.length > 0 &&
    list.length <= MOST_AUDIENCES &&
    list.every(one => typeof one === 'string' && names.includes(one))
  )
}

/** Until when it is good, in seconds; or what is wrong with its times: missing, over, too far off; not yet. */
export function goodUntil(
  { exp, nbf, iat }: Readonly<Record<string, unknown>>,
  now: number,
  longest_seconds: number,
): number | 'expiry' | 'early' {
  if (!isTime(exp) || exp <= now || exp > now + longest_seconds) return 'expiry'
  return isLater(nbf, now) || isLater(iat, now) ? 'early' : exp
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
