/** Public keys of an app (RFC 7517, RFC 7518 section 6): the four uses, and the canonical members a thumbprint is taken of (RFC 7638). */
import { type Static, Type } from 'typebox'
import { base64url } from './text.ts'

export const ecKey = Type.Object({
  kty: Type.Literal('EC'),
  crv: Type.Literal('P-256'),
  x: base64url(43),
  y: base64url(43),
})
/** 2048 to 4096 bits, exponent 65537. */
export const rsaKey = Type.Object({
  kty: Type.Literal('RSA'),
  n: Type.String({ minLength: 342, maxLength: 683, pattern: '^[A-Za-z0-9_-]+$' }),
  e: Type.Literal('AQAB'),
})
export const signingKey = Type.Union([rsaKey, ecKey])
export type EcKey = Static<typeof ecKey>
export type RsaKey = Static<typeof rsaKey>
export type SigningKey = Static<typeof signingKey>

export const appKeys = Type.Object({ logon: signingKey, action: signingKey, request: ecKey, sealing: ecKey })
export type AppKeys = Static<typeof appKeys>

export const keyUses = ['logon', 'action', 'request', 'sealing'] as const
export type KeyUse = (typeof keyUses)[number]
export type KeyThumbprints = Readonly<Record<KeyUse, string>>

/** What SHA-256 is taken of for the thumbprint. */
export function canonicalKey(key: SigningKey): string {
  return key.kty === 'RSA'
    ? JSON.stringify({ e: key.e, kty: key.kty, n: key.n })
    : JSON.stringify({ crv: key.crv, kty: key.kty, x: key.x, y: key.y })
}

export const approvalAlgorithms = ['RS512', 'ES256'] as const
export type ApprovalAlgorithm = (typeof approvalAlgorithms)[number]
export const algorithmOf = (key: SigningKey): ApprovalAlgorithm => (key.kty === 'RSA' ? 'RS512' : 'ES256')
