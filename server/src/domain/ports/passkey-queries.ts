/**
 * Passkeys beside their devices and credentials: for whom each was made, and the handle under which its authenticator knows him (Web
 * Authentication section 5.4.3). One proves nobody while its device is not his. The external id of its credential is the SHA-256 of
 * the id that the authenticator made.
 */
import type { CredentialId, DeviceId, TenantNumber, UserId } from '#domain/ids.ts'
import type { DeviceRow } from '#domain/ports/device-queries.ts'
import type { PersonRow } from '#domain/ports/login-queries.ts'
import type { Candidate } from '#domain/ports/proof-queries.ts'
import type { Query } from '#domain/ports/store.ts'

/** `next` is its signature counter, `drift` 1 while it is backed up. */
export interface HeldPasskey extends Candidate {
  readonly handle: Uint8Array
}

export interface NewPasskey {
  readonly credential: CredentialId
  readonly device: DeviceId
  readonly user: UserId
  readonly handle: Uint8Array
  readonly externalId: string
  readonly type: string
  readonly secret: Uint8Array
  readonly counter: number
  readonly backedUp: boolean
  readonly at: number
}

export interface NamedPersonRow extends PersonRow {
  readonly userName: string
}

export interface PasskeyQueries {
  /** Those made for him in devices of his, also suspended ones; 50 at most. */
  passkeysOf(tenant: TenantNumber, user: UserId): Query<HeldPasskey>
  /** Whoever has this handle: a row for each policy for which he has an enabled authenticator. */
  personOfHandle(tenant: TenantNumber, handle: Uint8Array): Query<NamedPersonRow>
  /** For whom the passkey of this external id was made. */
  personOfKey(tenant: TenantNumber, externalId: string): Query<NamedPersonRow>
  /** A device of his that waits for its passkey: pending, without a key; the oldest. */
  waitingDevice(tenant: TenantNumber, user: UserId, type: string): Query<DeviceRow>
  /** Whether a credential has this external id already, whosever it is. */
  knownKey(tenant: TenantNumber, externalId: string): Query<{ readonly id: CredentialId }>
  /** The credential with its state, and for whom it is. */
  addPasskey(tenant: TenantNumber, one: NewPasskey): readonly Query[]
  /**
   * The compare-and-set of the signature counter: no row when another use came as far meanwhile. A passkey that keeps no counter
   * stays at 0, and each of its uses counts.
   */
  use(
    tenant: TenantNumber,
    credential: CredentialId,
    used: { readonly counter: number; readonly backedUp: boolean; readonly at: number },
  ): Query<object>
  /** With devices and credentials; the first answers a row for each device, the second for each credential. */
  removePasskeysOf(
    tenant: TenantNumber,
    user: UserId,
  ): readonly [Query<{ readonly id: DeviceId }>, Query<{ readonly id: CredentialId }>, ...Query[]]
}
