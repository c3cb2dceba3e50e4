/**
 * Credentials: the keys inside devices. No query of this port reads a secret; proving somebody has queries of its own.
 */
import type { Credential } from '#domain/credential.ts'
import type { CredentialId, DeviceId, TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface CredentialRow extends Omit<Credential, 'startAt_ms' | 'expiryAt_ms' | 'createdAt_ms'> {
  readonly startAt: number
  readonly expiryAt: number | null
  readonly createdAt: number
  readonly deviceExternalId: string
}

/** Where a key stands: what may be moved without proving anything. */
export interface KeyPosition {
  readonly credential: CredentialId
  readonly type: string
  /** JSON of what differs from the credential type's settings. */
  readonly settings: string
  readonly next: number
  readonly drift: number
  readonly stateVersion: number
}

export interface CredentialQueries {
  /** At most 100 ids; rows come in their order. */
  credentials(tenant: TenantNumber, ids: readonly CredentialId[]): Query<CredentialRow>
  /** The version of one credential, held against other changes of it until the unit ends. */
  heldCredential(tenant: TenantNumber, id: CredentialId): Query<{ readonly version: number }>
  /** At most 100. */
  positionsOf(tenant: TenantNumber, device: DeviceId): Query<KeyPosition>
  /** Writes status and dates over the row that has `version`; no row when it has another one by now. */
  replaceCredential(tenant: TenantNumber, one: Credential, version: number): Query<{ readonly version: number }>
  /** With its state and what was signed with it; the last query answers a row for each credential removed. */
  removeCredential(tenant: TenantNumber, id: CredentialId): readonly [...Query[], Query<{ readonly id: CredentialId }>]
  /** The same for all keys of a device. */
  removeCredentialsOf(
    tenant: TenantNumber,
    device: DeviceId,
  ): readonly [...Query[], Query<{ readonly id: CredentialId }>]
}
