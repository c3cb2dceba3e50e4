/**
 * Public keys of credentials as COSE_Key (RFC 9053 section 7, RFC 8230): which algorithms we take, each bound to its curve and size.
 * Web Authentication Level 3 section 5.8.5 binds ES256 to P-256 and so on; the library takes any curve with any of them.
 */
import { PASSKEY_ALGORITHMS } from '#domain/ports/passkeys.ts'
import { type Cbor, type CborMap, isMap } from '#keys/webauthn/cbor.ts'
import { Malformed } from '#keys/webauthn/malformed.ts'

const KTY = 1
const ALG = 3
const CRV = -1
const X = -2
const Y = -3
const N = -1
const E = -2

interface Curve {
  readonly kty: number
  readonly crv: number
  readonly coordinate_bytes: number
  readonly coordinates: readonly number[]
}

const CURVES: Readonly<Record<string, Curve>> = {
  '-7': { kty: 2, crv: 1, coordinate_bytes: 32, coordinates: [X, Y] },
  '-35': { kty: 2, crv: 2, coordinate_bytes: 48, coordinates: [X, Y] },
  '-8': { kty: 1, crv: 6, coordinate_bytes: 32, coordinates: [X] },
}
const RS256 = -257
const RSA = 3
/** 2048 to 4096 bits. */
const MODULUS_BYTES = { least: 256, most: 512 } as const
const EXPONENT_BYTES = { least: 1, most: 4 } as const

/** Answers the algorithm. */
export function checkCoseKey(item: Cbor): number {
  if (!isMap(item)) throw new Malformed('the public key is no map')
  const algorithm = item.get(ALG)
  if (typeof algorithm !== 'number' || !PASSKEY_ALGORITHMS.includes(algorithm)) {
    throw new Malformed('the algorithm of the public key was not asked for', 'algorithm_not_allowed')
  }
  if (algorithm === RS256) checkRsa(item)
  else checkCurve(item, CURVES[algorithm])
  return algorithm
}

function checkCurve(key: CborMap, curve: Curve | undefined): void {
  const fits =
    curve !== undefined &&
    key.get(KTY) === curve.kty &&
    key.get(CRV) === curve.crv &&
    key.size === 3 + curve.coordinates.length &&
    curve.coordinates.every(name => lengthOf(key.get(name)) === curve.coordinate_bytes)
  if (!fits) throw new Malformed('the public key does not fit its algorithm', 'public_key_invalid')
}

function checkRsa(key: CborMap): void {
  const modulus = lengthOf(key.get(N))
  const exponent = lengthOf(key.get(E))
  const fits =
    key.get(KTY) === RSA &&
    key.size === 4 &&
    modulus >= MODULUS_BYTES.least &&
    modulus <= MODULUS_BYTES.most &&
    exponent >= EXPONENT_BYTES.least &&
    exponent <= EXPONENT_BYTES.most
  if (!fits) throw new Malformed('the public key does not fit its algorithm', 'public_key_invalid')
}

const lengthOf = (item: Cbor | undefined): number => (item instanceof Uint8Array ? item.length : -1)
