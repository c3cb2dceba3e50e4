/**
 * Rows of a tenant's ES256 keys, by what they are for. Of each purpose one is open (without an end): a unique index holds
 * that, so `addEcKey` answers nothing when another key is open already.
 */
import type { TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

/**
 * `approve-root` vouches for `approve-working`, which signs for apps (approve protocol, section 3); `id-token` stands in the
 * JWKS; `vapid` names us to push services (RFC 8292).
 */
export type EcPurpose = 'approve-root' | 'approve-working' | 'id-token' | 'vapid'

export interface EcKeyRow {
  /** Milliseconds at which the key was made. */
  readonly id: number
  /** PKCS #8, sealed at ('ec_key', 'private_key', `${purpose}.${id}`). */
  readonly privateKey: Uint8Array
  /** JSON of the JWK. */
  readonly publicKey: string
  /** What another key says about this one: a JWS. */
  readonly statement: string | null
  /** From when it signs nothing new; null for the newest. */
  readonly retiredAt: number | null
  /** Until when it is shown; null for the newest. */
  readonly publishedUntil: number | null
}

export interface EcKeyQueries {
  /** Those still published at `now`, ten at most, the newest first. */
  ecKeys(tenant: TenantNumber, purpose: EcPurpose, now: number): Query<EcKeyRow>
  addEcKey(tenant: TenantNumber, purpose: EcPurpose, row: EcKeyRow): Query<{ readonly id: number }>
  /** Gives the key its two ends, if it has none yet. */
  retireEcKey(tenant: TenantNumber, purpose: EcPurpose, id: number, retiredAt: number, publishedUntil: number): Query
}
