/**
 * What a tenant signs for others to check: id_tokens and userinfo answers (RS256), under keys that its JWKS publishes.
 * RFC 7515 compact form, RFC 7517 keys. Signing happens off the event loop; the first call of a tenant also makes its key.
 */
import type { TenantNumber } from '#domain/ids.ts'

/** RFC 7517 section 4 and RFC 7518 section 6.3.1, with the members the reference shows. */
export interface PublishedKey {
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

export interface Signer {
  /** A signed JWT; `typ` goes into the protected header when it is given. */
  sign(tenant: TenantNumber, claims: object, options?: { readonly typ?: string }): Promise<string>
  jwks(tenant: TenantNumber): Promise<{ readonly keys: readonly PublishedKey[] }>
}
