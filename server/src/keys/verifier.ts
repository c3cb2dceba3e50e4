/**
 * Verifies signatures of devices. Importing a key from its DER costs more than verifying with it (RSA 300 µs against 40, P-256 350 against
 * 130), so imported keys are kept, the least recently used forgotten first; they are public. Surprise: the forms that nearly all keys
 * have are read here and imported as JWK, for which OpenSSL takes 8 and 190 µs.
 */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'
import type { Verifier } from '#domain/ports/verifier.ts'

const MOST_KEYS = 20_000

export class KeyVerifier implements Verifier {
  readonly #keys = new Map<string, KeyObject>()

  verify(algorithm: 'RS512' | 'ES256', spki: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
    const key = this.#load(spki)
    if (!key || key.asymmetricKeyType !== (algorithm === 'RS512' ? 'rsa' : 'ec')) return false
    if (algorithm === 'RS512') return verify('sha512', signed, key, signature)
    return signature.length === 64 && verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)
  }

  #load(spki: Uint8Array): KeyObject | undefined {
    const name = createHash('sha256').update(spki).digest('base64')
    const known = this.#keys.get(name)
    if (known) {
      this.#keys.delete(name)
      this.#keys.set(name, known)
      return known
    }
    const key = imported(spki)
    if (!key) return undefined
    this.#keys.set(name, key)
    if (this.#keys.size > MOST_KEYS) {
      const [oldest] = this.#keys.keys()
      if (oldest !== undefined) this.#keys.delete(oldest)
    }
    return key
  }
}

function imported(spki: Uint8Array): KeyObject | undefined {
  const bytes = Buffer.from(spki.buffer, spki.byteOffset, spki.length)
  const jwk = p256Jwk(bytes) ?? rsaJwk(bytes)
  try {
    return createPublicKey(jwk ? { key: jwk, format: 'jwk' } : { key: bytes, format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

const P256_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex')
const RSA_HEAD = Buffer.from('30820122300d06092a864886f70d01010105000382010f003082010a0282010100', 'hex')
const RSA_TAIL = Buffer.from('0203010001', 'hex')
const COORDINATE_BYTES = 32
const MODULUS_BYTES = 256

/** RFC 5480 section 2; whether the point is on its curve is asked by the import. */
function p256Jwk(spki: Buffer): JsonWebKey | undefined {
  if (spki.length !== P256_HEAD.length + 2 * COORDINATE_BYTES || !startsWith(spki, P256_HEAD)) return undefined
  const y = spki.length - COORDINATE_BYTES
  return {
    kty: 'EC',
    crv: 'P-256',
    x: spki.toString('base64url', P256_HEAD.length, y),
    y: spki.toString('base64url', y),
  }
}

/** RFC 3279 section 2.3.1, with a modulus of 2048 bits and the exponent 65537. */
function rsaJwk(spki: Buffer): JsonWebKey | undefined {
  const tail = RSA_HEAD.length + MODULUS_BYTES
  if (spki.length !== tail + RSA_TAIL.length || !startsWith(spki, RSA_HEAD)) return undefined
  if (!spki.subarray(tail).equals(RSA_TAIL)) return undefined
  return { kty: 'RSA', e: 'AQAB', n: spki.toString('base64url', RSA_HEAD.length, tail) }
}

const startsWith = (bytes: Buffer, head: Buffer) => bytes.compare(head, 0, head.length, 0, head.length) === 0
