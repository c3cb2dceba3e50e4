/** Invitations: made and searched by administrators, used by apps. `secret` and `notifyToken` are sealed columns. */
import type { DeviceId, ProvisionId, TenantNumber, UserId } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'
import type { Provision, ProvisionStatus } from '#domain/provision.ts'

export interface ProvisionRow extends Omit<Provision, 'createdAt_ms' | 'expiresAt_ms' | 'processedAt_ms'> {
  readonly createdAt: number
  readonly expiresAt: number
  readonly processedAt: number | null
  readonly userExternalId: string | null
}

export interface NewProvision extends Provision {
  /** Proof key of the invite code (32 bytes), then the 16 random bytes of the QR code. */
  readonly secret: Uint8Array | null
  readonly callbackUrl: string | null
  readonly notifyToken: Uint8Array | null
}

/** What an activation needs of an invitation, and of the device and user it is for. */
export interface InvitedRow {
  readonly version: number
  readonly id: ProvisionId
  readonly status: ProvisionStatus
  readonly device: DeviceId
  readonly user: UserId
  readonly userExternalId: string
  readonly userActive: number
  readonly deviceType: string
  readonly deviceStatus: string
  readonly deviceVersion: number
  readonly deviceExternalId: string
  readonly deviceOwner: UserId | null
  readonly deviceStartAt: number
  readonly deviceExpiryAt: number | null
  readonly deviceCreatedAt: number
  readonly client: string | null
  readonly service: string
  readonly channel: string
  readonly policy: string
  readonly secret: Uint8Array | null
  readonly callbackUrl: string | null
  readonly typedAttempts: number
  readonly expiresAt: number
}

/** The result of a registration, for the client that asked for it. */
export interface RegistrationRow {
  readonly id: ProvisionId
  readonly status: ProvisionStatus
  readonly device: DeviceId
  readonly user: UserId
  readonly userExternalId: string
  readonly client: string | null
  readonly callbackUrl: string | null
  readonly notifyToken: Uint8Array | null
  readonly keyThumbprint: string | null
  readonly expiresAt: number
  readonly processedAt: number | null
}

export interface ProvisionQueries {
  provisions(tenant: TenantNumber, ids: readonly ProvisionId[]): Query<ProvisionRow>
  /** Ends the open invitation of a device. */
  replaceOpen(tenant: TenantNumber, device: DeviceId): Query
  addProvision(tenant: TenantNumber, provision: NewProvision): Query
  removeProvision(tenant: TenantNumber, id: ProvisionId): Query<{ readonly id: ProvisionId }>
  /** The last query answers a row for each. */
  removeProvisionsOf(tenant: TenantNumber, device: DeviceId): readonly [...Query[], Query<{ readonly id: ProvisionId }>]
  /** The invitation with this id. */
  invited(tenant: TenantNumber, id: ProvisionId): Query<InvitedRow>
  /** The same, held until the unit ends. */
  heldInvitation(tenant: TenantNumber, id: ProvisionId): Query<InvitedRow>
  /** The newest open invitation of a user, by a name of his. */
  invitedByName(tenant: TenantNumber, name: string): Query<InvitedRow>
  /** Counts a code typed by hand, for the invitation and for the source; no row at either limit. */
  countTyped(tenant: TenantNumber, id: ProvisionId, limit: number): Query<{ readonly typedAttempts: number }>
  countTypedFrom(
    tenant: TenantNumber,
    id: ProvisionId,
    source: string,
    limit: number,
  ): Query<{ readonly attempts: number }>
  /** No row when it is not open any more. */
  processed(tenant: TenantNumber, id: ProvisionId, keyThumbprint: string, at: number): Query<object>
  registration(tenant: TenantNumber, id: ProvisionId): Query<RegistrationRow>
}
