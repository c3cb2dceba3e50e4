/**
 * The id_token of a login, and what every id_token shares: signed by the algorithm that the client registered, encrypted when it
 * registered a key for that. OpenID Connect Core sections 2, 3.1.3.6 and 3.3.2.11. Surprise: it is made before the unit that lets
 * it out, because signing takes longer than a unit may; so code and access token are made before they are stored.
 */
import { createHash } from 'node:crypto'
import type { KnownClient } from '#authentication/client-book.ts'
import type { AppSecrets } from '#domain/ports/app-secrets.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { Signer } from '#domain/ports/signer.ts'
import { Fault } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export const ID_TOKEN_SECONDS = 3600

export interface IdTokenNeeds {
  readonly tokens: Pick<Signer, 'sign'>
  readonly secrets: Pick<AppSecrets, 'encryptTo'>
  readonly clock: Clock
}

/** Who signed in, and how. The client, the times of the token and its hashes are added here. */
export interface IdTokenClaims {
  /** The issuer under which the request came. */
  readonly iss: string
  /** The external id of the user. */
  readonly sub: string
  /** Seconds since 1970, of the last factor that was proved. */
  readonly auth_time: number
  readonly nonce?: string | undefined
  readonly acr?: string | undefined
  /** RFC 8176 values. */
  readonly amr?: readonly string[] | undefined
}

/** What leaves in the same answer and is bound to the token by its hash. */
export interface Beside {
  readonly code?: string | undefined
  readonly accessToken?: string | undefined
}

export function makeIdToken(
  needs: IdTokenNeeds,
  tenant: Tenant,
  client: KnownClient,
  claims: IdTokenClaims,
  { code, accessToken }: Beside = {},
): Promise<string> {
  const iat = Math.floor(needs.clock.now() / 1000)
  const { nonce, acr, amr, ...who } = claims
  return signedAndSealed(needs, tenant, client, {
    ...who,
    aud: client.clientId,
    iat,
    exp: iat + ID_TOKEN_SECONDS,
    ...(nonce === undefined ? {} : { nonce }),
    ...(acr === undefined || acr === '' ? {} : { acr }),
    ...(amr === undefined || amr.length === 0 ? {} : { amr }),
    ...(accessToken === undefined ? {} : { at_hash: halfHash(accessToken) }),
    ...(code === undefined ? {} : { c_hash: halfHash(code) }),
  })
}

/** In the form that the client registered: a JWS, or a JWE around it. */
export async function signedAndSealed(
  { tokens, secrets }: Pick<IdTokenNeeds, 'tokens' | 'secrets'>,
  tenant: Tenant,
  { clientId, document }: KnownClient,
  claims: object,
): Promise<string> {
  const signed = await tokens.sign(tenant.number, claims, { algorithm: document.idTokenAlgorithm ?? 'RS256' })
  const encryption = document.idTokenEncryption
  if (encryption === undefined) return signed
  const key = document.jwks?.keys.find(({ use, kty }) => use === 'enc' && kty === 'RSA')
  if (!key) throw new Fault(`client ${clientId} has no key to encrypt to`)
  return secrets.encryptTo(key, encryption.enc, signed)
}

/** OpenID Connect Core section 3.1.3.6, for RS256 and ES256. */
export const halfHash = (text: string): string =>
  createHash('sha256').update(text, 'ascii').digest().subarray(0, 16).toString('base64url')
