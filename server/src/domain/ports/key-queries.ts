/**
 * Rows of keys: wrapped by the master key (store, handle and tenant keys) or sealed to their row (signing keys), never bare.
 * Of handle keys in an epoch, tenant keys and signing keys of a tenant one is open (without an end): a unique index holds that, so the
 * `add…` queries answer nothing when the number is taken or another key is open.
 */
import type { TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface StoreKeyRow {
  readonly wrapped: Uint8Array
}

export interface NumberedKeyRow {
  readonly keyNumber: number
  readonly wrapped: Uint8Array
  readonly createdAt: number
  /** From when nothing new is made with it; null for the newest. */
  readonly retiredAt: number | null
}

export interface SigningKeyRow {
  /** Milliseconds at which the key was made; the `kid`. */
  readonly id: number
  /** PKCS #8, sealed. */
  readonly privateKey: Uint8Array
  /** DER. */
  readonly certificate: Uint8Array
  /** From when it signs nothing new; null for the newest. */
  readonly retiredAt: number | null
  /** Until when the JWKS shows it; null for the newest. */
  readonly publishedUntil: number | null
}

export interface KeyQueries {
  storeKey(name: string): Query<StoreKeyRow>
  /** Leaves an existing row as it is. */
  addStoreKey(name: string, wrapped: Uint8Array, at: number): Query

  /** The three newest of an epoch, the newest first: next, current, previous. */
  handleKeys(epoch: number): Query<NumberedKeyRow>
  addHandleKey(epoch: number, row: NumberedKeyRow): Query<{ readonly keyNumber: number }>
  /** Gives the key its end, if it has none yet. */
  retireHandleKey(epoch: number, keyNumber: number, at: number): Query

  /** All of a tenant, the newest first. */
  tenantKeys(tenant: TenantNumber): Query<NumberedKeyRow>
  addTenantKey(tenant: TenantNumber, row: NumberedKeyRow): Query<{ readonly keyNumber: number }>
  /** Gives the key its end, if it has none yet. */
  retireTenantKey(tenant: TenantNumber, keyNumber: number, at: number): Query

  /** Those still published at `now`, ten at most, the newest first. */
  signingKeys(tenant: TenantNumber, now: number): Query<SigningKeyRow>
  addSigningKey(tenant: TenantNumber, row: SigningKeyRow): Query<{ readonly id: number }>
  /** Gives the key its two ends, if it has none yet. */
  retireSigningKey(tenant: TenantNumber, id: number, retiredAt: number, publishedUntil: number): Query
  /** Ends all keys of a tenant at once: for a key in wrong hands. */
  withdrawSigningKeys(tenant: TenantNumber, now: number): Query
}
