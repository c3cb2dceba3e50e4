/**
 * Devices: the thing held, of which one row tells type, owner, status and dates. Its keys stand in credentials and are named
 * here only by their ids. Whoever changes a device holds its row first, and before that the rows of both its owners.
 */
import type { Device } from '#domain/device.ts'
import type { CredentialId, DeviceId, TenantNumber, UserId } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface DeviceRow extends Omit<Device, 'startAt_ms' | 'expiryAt_ms' | 'createdAt_ms'> {
  readonly startAt: number
  readonly expiryAt: number | null
  readonly createdAt: number
}

export interface OwnedDeviceRow extends DeviceRow {
  readonly ownerExternalId: string | null
}

export interface DeviceChildRow {
  readonly device: DeviceId
  readonly id: CredentialId
}

export interface DeviceQueries {
  /** At most 100 ids in each of these two; rows come in the order of ids. */
  devices(tenant: TenantNumber, ids: readonly DeviceId[]): Query<OwnedDeviceRow>
  childrenOf(tenant: TenantNumber, ids: readonly DeviceId[]): Query<DeviceChildRow>
  /** One device, held against other changes of it until the unit ends. */
  heldDevice(tenant: TenantNumber, id: DeviceId): Query<DeviceRow>
  /** How many other devices of this type the user has in use. */
  activeDevices(tenant: TenantNumber, owner: UserId, type: string, except: DeviceId): Query<{ readonly total: number }>
  /** No row when a device of this type has the external id already, in any case of letters. */
  addDevice(tenant: TenantNumber, device: Device): Query<{ readonly id: DeviceId }>
  /** Writes owner, friendly name, status and dates over the row that has `version`; no row when it has another one by now. */
  replaceDevice(tenant: TenantNumber, device: Device, version: number): Query<{ readonly version: number }>
  /** Challenges that the user was asked and has not answered with this device. */
  dropChallenges(tenant: TenantNumber, user: UserId, device: DeviceId): Query
  /** The row of that version. */
  removeDevice(tenant: TenantNumber, id: DeviceId, version: number): Query<{ readonly id: DeviceId }>
}
