/**
 * The approve app behind a device: its keys (three credentials), its counters, how it is woken. `wake` and `confirmCode` are sealed
 * columns, and so are the public keys, which stand where all credentials have their secret.
 */
import type { DeviceStatus } from '#domain/device.ts'
import type { CredentialId, DeviceId, ProvisionId, TenantNumber, UserId } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface NewApp {
  readonly device: DeviceId
  readonly transport: CredentialId
  readonly logon: CredentialId
  readonly action: CredentialId
  readonly keyProtection: string
  readonly platform: string
  readonly provision: ProvisionId
  /** JSON: what the app's keys signed about themselves, and our signature under it. */
  readonly evidence: string
  /** Until the registration is confirmed. */
  readonly confirmCode: Uint8Array | null
  readonly at: number
}

export interface NewAppCredential {
  readonly id: CredentialId
  readonly device: DeviceId
  readonly externalId: string
  readonly type: string
  readonly secret: Uint8Array
  readonly startAt: number
  readonly expiryAt: number | null
}

/** Who signs a call: the device, its owner and its transport key. */
export interface CallingRow {
  readonly version: number
  readonly device: DeviceId
  readonly deviceType: string
  readonly deviceExternalId: string
  readonly friendlyName: string | null
  readonly deviceStatus: DeviceStatus
  readonly deviceStartAt: number
  readonly deviceExpiryAt: number | null
  readonly user: UserId | null
  readonly userExternalId: string | null
  readonly userActive: number | null
  readonly transport: CredentialId
  readonly logon: CredentialId
  readonly action: CredentialId
  readonly transportKeys: Uint8Array
  readonly transportStatus: DeviceStatus
  readonly transportExpiryAt: number | null
  readonly renewedAt: number
  readonly confirmCode: Uint8Array | null
  readonly provision: ProvisionId
  readonly keyProtection: string
  readonly callCounter: number
  readonly txCounter: number
  readonly lastSeenAt: number | null
}

/** A device that a request may go to, with the key of its purpose. */
export interface ReachableRow {
  readonly device: DeviceId
  readonly deviceType: string
  readonly deviceStatus: DeviceStatus
  readonly deviceStartAt: number
  readonly deviceExpiryAt: number | null
  readonly credential: CredentialId
  readonly credentialSecret: Uint8Array
  readonly credentialType: string
  readonly credentialStatus: DeviceStatus
  readonly credentialStartAt: number
  readonly credentialExpiryAt: number | null
  readonly lastUsedAt: number | null
  readonly activatedAt: number
  readonly confirmCode: Uint8Array | null
  /** Whether it said how it is woken. */
  readonly wakes: number
}

export interface WakeRow {
  readonly device: DeviceId
  readonly wake: Uint8Array | null
  readonly transport: CredentialId
  readonly transportKeys: Uint8Array
  readonly deviceStatus: DeviceStatus
}

export interface NoticeRow {
  readonly id: number
  readonly kind: string
  readonly text: string
}

export interface AppQueries {
  addApp(tenant: TenantNumber, app: NewApp): readonly Query[]
  addCredential(tenant: TenantNumber, one: NewAppCredential): readonly Query[]
  replaceKeys(
    tenant: TenantNumber,
    app: Pick<NewApp, 'device' | 'transport' | 'logon' | 'action' | 'evidence' | 'at'>,
  ): Query
  calling(tenant: TenantNumber, device: DeviceId): Query<CallingRow>
  /** Raises the counter of calls and notes when the device was seen; no row when it stands there already. */
  raiseCall(
    tenant: TenantNumber,
    device: DeviceId,
    counter: number,
    at: number,
  ): Query<{ readonly callCounter: number }>
  /** The same for the counter of signed approvals. */
  raiseTx(tenant: TenantNumber, device: DeviceId, counter: number): Query<object>
  noteSeen(tenant: TenantNumber, device: DeviceId, at: number): Query
  /** Devices of a user with the key of a purpose, at most 33. */
  reachable(tenant: TenantNumber, user: UserId, purpose: 'logon' | 'action'): Query<ReachableRow>
  waking(tenant: TenantNumber, device: DeviceId): Query<WakeRow>
  setWake(tenant: TenantNumber, device: DeviceId, wake: Uint8Array | null): Query
  rename(tenant: TenantNumber, device: DeviceId, name: string): Query
  confirm(tenant: TenantNumber, device: DeviceId): Query<object>
  /** Everything of the app; its credentials are removed as those of any device are. */
  removeApp(tenant: TenantNumber, device: DeviceId): readonly Query[]
  /** All credentials of the device with their state, without a trace: keys of an app are never imported again. */
  removeKeys(tenant: TenantNumber, device: DeviceId): readonly Query[]
  countKeys(tenant: TenantNumber, device: DeviceId): Query<{ readonly total: number }>
  removeDevice(tenant: TenantNumber, device: DeviceId): Query
  otherDevices(tenant: TenantNumber, user: UserId, except: DeviceId): Query<{ readonly device: DeviceId }>
  addNotice(tenant: TenantNumber, notice: NoticeRow & { readonly device: DeviceId }): Query
  /** At most 20, the newest first. */
  notices(tenant: TenantNumber, device: DeviceId): Query<NoticeRow>
  activateDevice(
    tenant: TenantNumber,
    device: DeviceId,
    version: number,
    status: DeviceStatus,
    name: string,
  ): Query<object>
}
