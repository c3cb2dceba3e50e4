/**
 * Signatures by the key of a passkey: Web Authentication Level 3 section 6.5.5, with the algorithms of RFC 9053 and RFC 8812. The numbers of
 * ECDSA stand in DER there, which OpenSSL reads strictly. Off the event loop: P-384 takes a millisecond.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { promisify } from 'node:util'
import { isMap, readCbor } from '#keys/webauthn/cbor.ts'
import { Malformed } from '#keys/webauthn/malformed.ts'

interface Algorithm {
  readonly kty: string
  readonly crv?: string
  /** Of EdDSA the curve says it. */
  readonly hash: string | undefined
  /** Names of COSE members, by those of JWK. */
  readonly members: Readonly<Record<string, number>>
}

const ALG = 3
const POINT = { x: -2, y: -3 }
const ALGORITHMS: Readonly<Record<number, Algorithm>> = {
  [-7]: { kty: 'EC', crv: 'P-256', hash: 'sha256', members: POINT },
  [-35]: { kty: 'EC', crv: 'P-384', hash: 'sha384', members: POINT },
  [-8]: { kty: 'OKP', crv: 'Ed25519', hash: undefined, members: { x: -2 } },
  [-257]: { kty: 'RSA', hash: 'sha256', members: { n: -1, e: -2 } },
}
const verifyOffLoop = promisify<string | undefined, Uint8Array, KeyObject, Uint8Array, boolean>(verify)

/** `publicKey` is a COSE_Key that `checkCoseKey` let pass, its bytes or their base64url. */
export async function isSignedBy(
  publicKey: Uint8Array | string,
  signed: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const bytes = typeof publicKey === 'string' ? Buffer.from(publicKey, 'base64url') : publicKey
  const { algorithm, key } = read(bytes)
  return verifyOffLoop(algorithm.hash, signed, key, signature)
}

export const keyObject = (publicKey: Uint8Array): KeyObject => read(publicKey).key

function read(bytes: Uint8Array): { readonly algorithm: Algorithm; readonly key: KeyObject } {
  const cose = readCbor(bytes)
  const algorithm = isMap(cose) ? ALGORITHMS[Number(cose.get(ALG))] : undefined
  if (!isMap(cose) || !algorithm) throw new Malformed('the public key has no algorithm', 'public_key_invalid')
  const { kty, crv, members } = algorithm
  const texts = Object.entries(members).map(([name, label]) => [name, text(cose.get(label))])
  const jwk = { kty, ...(crv === undefined ? {} : { crv }), ...Object.fromEntries(texts) }
  return { algorithm, key: createPublicKey({ key: jwk, format: 'jwk' }) }
}

function text(member: unknown): string {
  if (member instanceof Uint8Array) return Buffer.from(member).toString('base64url')
  throw new Malformed('the public key lacks a member', 'public_key_invalid')
}
