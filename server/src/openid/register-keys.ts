/**
 * `jwks` of a client: its public keys (RFC 7517). RSA of 2048 to 4096 bits (RFC 7518 section 3.3) or P-256, each able to do its
 * arithmetic; what holds a private or shared key is refused, lest we keep it. `jwks_uri` is not read: we fetch nothing.
 */
import { createPublicKey } from 'node:crypto'
import { type Metadata, wrongMember } from '#openid/register-members.ts'

type Jwk = Readonly<Record<string, unknown>>

const MOST_KEYS = 10
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const LEAST_BITS = 2048
const MOST_BITS = 4096

const wrong = (sentence: string) => wrongMember('jwks', sentence)
const isObject = (value: unknown): value is Jwk => typeof value === 'object' && value !== null && !Array.isArray(value)

export function keysIn(metadata: Metadata): { readonly keys: readonly Jwk[] } | undefined {
  const { jwks } = metadata
  if (jwks === undefined || jwks === null) return undefined
  const keys = isObject(jwks) ? jwks.keys : undefined
  if (!Array.isArray(keys) || keys.length < 1 || keys.length > MOST_KEYS || !keys.every(isObject))
    throw wrong(`is an object with 1 to ${MOST_KEYS} keys`)
  const names = keys.flatMap(({ kid }) => (kid === undefined ? [] : [kid]))
  if (new Set(names).size !== names.length) throw wrong('names two keys alike')
  for (const key of keys) assertPublicKey(key)
  return { keys }
}

function assertPublicKey(key: Jwk): void {
  if (SECRET_MEMBERS.some(name => key[name] !== undefined))
    throw wrong('holds a private or shared key; send public keys')
  for (const name of ['kid', 'use', 'alg']) {
    const value = key[name]
    if (value !== undefined && (typeof value !== 'string' || value === '' || value.length > 128))
      throw wrong(`has a key whose ${name} is not a text of 1 to 128 characters`)
  }
  if (key.use !== undefined && key.use !== 'sig' && key.use !== 'enc')
    throw wrong('has a key whose use is not sig or enc')
  if (key.kty !== 'RSA' && !(key.kty === 'EC' && key.crv === 'P-256')) throw wrong('takes RSA and P-256 keys only')
  const bits = bitsOf(key)
  if (bits === undefined) throw wrong('has a key that cannot be read')
  if (key.kty === 'RSA' && (bits < LEAST_BITS || bits > MOST_BITS))
    throw wrong(`takes RSA keys of ${LEAST_BITS} to ${MOST_BITS} bits`)
}

/** Undefined when it is no key: a point beside the curve, an exponent that hides nothing. */
function bitsOf(jwk: Jwk): number | undefined {
  try {
    const { modulusLength = 256, publicExponent = 65_537n } =
      createPublicKey({ key: jwk, format: 'jwk' }).asymmetricKeyDetails ?? {}
    return publicExponent < 3n || publicExponent % 2n === 0n || publicExponent > 0xffff_ffffn
      ? undefined
      : modulusLength
  } catch {
    return undefined
  }
}

/** Whether a key can be used so: `use`, where it is said, and for encryption it must be. */
export const signsWith = (key: Jwk, alg: string | undefined) =>
  key.use !== 'enc' && (alg === undefined || key.alg === undefined || key.alg === alg)
export const encryptsWith = (key: Jwk) =>
  key.use === 'enc' && key.kty === 'RSA' && (key.alg ?? 'RSA-OAEP-256') === 'RSA-OAEP-256'
