/**
 * `jwks` of a client: its public keys (RFC 7517). RSA of 2048 to 4096 bits (RFC 7518 section 3.3) or P-256, each able to do its
 * arithmetic; what holds a private or shared key is refused, lest we keep it. `jwks_uri` is not read: we fetch nothing. A
 * certificate (`x5c`) must be that of its key; who issued it, and until when, is not judged: the key was registered, that counts.
 */
import { createPublicKey, X509Certificate } from 'node:crypto'
import { type Metadata, wrongMember } from '#openid/register-members.ts'

type Jwk = Readonly<Record<string, unknown>>

const MOST_KEYS = 10
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const LEAST_BITS = 2048
const MOST_BITS = 4096
const MOST_CERTIFICATES = 5

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
  assertOwnCertificate(key)
}

/** RFC 7517 sections 4.6 to 4.9. */
function assertOwnCertificate(key: Jwk): void {
  if (key.x5u !== undefined) throw wrong('has a key whose certificate would have to be fetched; send it as x5c')
  if (key.x5c === undefined) return
  const { x5c } = key
  if (!Array.isArray(x5c) || x5c.length < 1 || x5c.length > MOST_CERTIFICATES)
    throw wrong(`has a key whose x5c is no list of 1 to ${MOST_CERTIFICATES} certificates`)
  const [own] = x5c.map(certificateOf)
  if (!own?.publicKey.equals(createPublicKey({ key, format: 'jwk' })))
    throw wrong('has a key whose x5c is not the certificate of that key')
  const thumbprint = Buffer.from(own.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
  if (key['x5t#S256'] !== undefined && key['x5t#S256'] !== thumbprint)
    throw wrong('has a key whose x5t#S256 is not that of its certificate')
}

function certificateOf(text: unknown): X509Certificate {
  const unreadable = wrong('has a key with a certificate that cannot be read')
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw unreadable
  try {
    return new X509Certificate(Buffer.from(text, 'base64'))
  } catch {
    throw unreadable
  }
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
