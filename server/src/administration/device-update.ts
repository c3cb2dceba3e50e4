/**
 * Changes a device by merging: whose it is, its status, dates and friendly name. A device that belongs to somebody may be given
 * to somebody else at once. Nothing of its keys moves: a code that was used stays used, whoever holds the token.
 */
import { type Administrator, isStale } from '#administration/change.ts'
import { forgetApp } from '#administration/device-app.ts'
import { changedDevice, type DeviceChange } from '#administration/device-change.ts'
import { DeviceEvents } from '#administration/device-events.ts'
import { refusalOfLimit } from '#administration/device-limit.ts'
import type { DeviceNeeds } from '#administration/device-needs.ts'
import { findOwner, holdOwners } from '#administration/device-owner.ts'
import { type DeviceView, deviceOf, loadDevices } from '#administration/device-view.ts'
import { isSameLasting } from '#administration/lasting.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import type { Device } from '#domain/device.ts'
import type { DeviceId } from '#domain/ids.ts'
import { first, together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

/** Which device, and which version of it the caller believes to change. */
export interface DeviceTarget {
  readonly id: DeviceId
  readonly version?: number | undefined
}

export const noDevice = () => new Refusal('not_found', 'There is no device with this id.')

export function* updateDevice(
  needs: DeviceNeeds,
  tenant: Tenant,
  target: DeviceTarget,
  wanted: DeviceChange,
  by: Administrator,
): Unit<DeviceView | Refusal | typeof STALE> {
  const { devices } = needs
  const before = yield* holdDevice(needs, tenant, target, wanted, by)
  if (before === STALE || before instanceof Refusal) return before
  const after = changedDevice(before.device, wanted, before.nextOwner)
  if (after instanceof Refusal) return after
  const tooMany = yield* refusalOfLimit(needs, tenant, before.device, after)
  if (tooMany) return tooMany
  if (!isSame(before.device, after)) yield* write(needs, tenant, before.device, after, by)
  return (yield* loadDevices(devices, tenant.number, [target.id]))[0] ?? noDevice()
}

/** Reads the device and its owners, holds them in the one order, and says who may not change it. */
export function* holdDevice(
  needs: Pick<DeviceNeeds, 'devices' | 'proofs' | 'users'>,
  tenant: Tenant,
  { id, version }: DeviceTarget,
  wanted: Pick<DeviceChange, 'owner'>,
  by: Administrator,
): Unit<{ readonly device: Device; readonly nextOwner: Device['owner'] } | Refusal | typeof STALE> {
  const { devices, proofs } = needs
  const [versions, rows] = yield* together(proofs.tenantVersion(tenant.number), devices.devices(tenant.number, [id]))
  if (isStale(tenant, versions)) return STALE
  const [seen] = rows
  if (!seen) return noDevice()
  if (version !== undefined && version !== seen.version) return new Refusal('version_mismatch')
  const nextOwner = wanted.owner === undefined ? seen.owner : yield* findOwner(needs, tenant, wanted.owner)
  if (nextOwner instanceof Refusal) return nextOwner
  if (nextOwner !== seen.owner && !by.permissions.has('device.assign')) return new Refusal('forbidden')
  const refusal = yield* holdOwners(needs, tenant, seen.owner, nextOwner, by)
  if (refusal) return refusal
  const held = yield* first(devices.heldDevice(tenant.number, id))
  // Between reading and holding somebody else may have changed it, its owner above all.
  if (held?.version !== seen.version) throw new LostRace('the device was changed by somebody else meanwhile')
  return { device: deviceOf(held), nextOwner }
}

function* write(needs: DeviceNeeds, tenant: Tenant, before: Device, after: Device, by: Administrator): Unit<void> {
  const { devices, recorder } = needs
  if (before.owner !== null && before.owner !== after.owner) yield* forgetApp(needs, tenant, before)
  const left = before.owner !== null && before.owner !== after.owner ? before.owner : undefined
  const [written] = yield [
    devices.replaceDevice(tenant.number, after, before.version),
    ...(left === undefined ? [] : [devices.dropChallenges(tenant.number, left, before.id)]),
    ...new DeviceEvents(recorder, tenant, by).changed(before, after),
  ]
  if (written?.[0] === undefined) throw new LostRace('the device was changed by somebody else meanwhile')
}

const isSame = (before: Device, after: Device) =>
  before.owner === after.owner && before.friendlyName === after.friendlyName && isSameLasting(before, after)
