/**
 * One ES256 key in memory (RFC 7518 section 3.4): its public half as a JWK and as an uncompressed point, its RFC 7638
 * thumbprint as `kid`. Signatures are r ‖ s, 64 bytes, and take 40 µs, so they are made at once.
 */
import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { canonicalKey, type EcKey as EcPublicKey } from '@countersign/protocol/approve/public-key.ts'

export interface EcKey {
  /** RFC 7638 with SHA-256. */
  readonly kid: string
  readonly publicJwk: EcPublicKey
  /** 65 bytes in base64url: 4, x, y. */
  readonly point: string
  readonly privateKey: KeyObject
  /** What the approve root says about this key, as a compact JWS. */
  readonly statement: string | null
  sign(bytes: Uint8Array): Buffer
  /** A compact JWS; `alg` and `kid` are added to the header. */
  signCompact(header: object, payload: object): string
}

export function ecKeyOf(privateKey: KeyObject, statement: string | null = null): EcKey {
  const publicJwk = publicHalf(privateKey)
  const signed = (bytes: Uint8Array) => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const kid = thumbprintOf(publicJwk)
  return {
    kid,
    publicJwk,
    point: Buffer.concat([Uint8Array.of(4), bytesOf(publicJwk.x), bytesOf(publicJwk.y)]).toString('base64url'),
    privateKey,
    statement,
    sign: signed,
    signCompact(header, payload) {
      const text = `${segment({ alg: 'ES256', ...header, kid })}.${segment(payload)}`
      return `${text}.${signed(Buffer.from(text)).toString('base64url')}`
    },
  }
}

export function thumbprintOf(key: EcPublicKey): string {
  return createHash('sha256').update(canonicalKey(key)).digest('base64url')
}

function publicHalf(privateKey: KeyObject): EcPublicKey {
  const { x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  return { kty: 'EC', crv: 'P-256', x, y }
}

const bytesOf = (text: string) => Buffer.from(text, 'base64url')

function segment(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
