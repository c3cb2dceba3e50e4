/**
 * What a tenant signs for others to check: id_tokens and userinfo answers, under keys that its JWKS publishes (RS256, and
 * ES256 once somebody asked for it). RFC 7515 compact form, RFC 7517 keys. Signing happens off the event loop; the first call of a tenant also makes its key.
 */
import type { TenantNumber } from '#domain/ids.ts'

/** RFC 7517 section 4 and RFC 7518 section 6.3.1, with the members the reference shows. */
export interface PublishedRsaKey {
  readonly kty: 'RSA'
  readonly use: 'sig'
  readonly alg: 'RS256'
  /** Decimal; looks like the milliseconds at which the key was made. */
  readonly kid: string
  readonly e: string
  readonly n: string
  /** One self-signed certificate, base64 DER. */
  readonly x5c: readonly [string]
  readonly 'x5t#S256': string
}

/** RFC 7518 section 6.2.1; `kid` is the RFC 7638 thumbprint. */
export interface PublishedEcKey {
  readonly kty: 'EC'
  readonly use: 'sig'
  readonly alg: 'ES256'
  readonly kid: string
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
}

export type PublishedKey = PublishedRsaKey | PublishedEcKey

export interface SigningOptions {
  /** Goes into the protected header when it is given. */
  readonly typ?: string
  /** RS256 when nothing is said. */
  readonly algorithm?: 'RS256' | 'ES256'
}

export interface Signer {
  /** A signed JWT. */
  sign(tenant: TenantNumber, claims: object, options?: SigningOptions): Promise<string>
  jwks(tenant: TenantNumber): Promise<{ readonly keys: readonly PublishedKey[] }>
}
