/**
 * Makes a device without a key. Keys come with an import; a token made here by hand is a name to assign, and proves nothing.
 * One external id stands once under each type, in any case of letters.
 */
import { type Administrator, assertMay, isStale } from '#administration/change.ts'
import { changedDevice, type DeviceChange, LONGEST_EXTERNAL_ID, refusalOfText } from '#administration/device-change.ts'
import { DeviceEvents } from '#administration/device-events.ts'
import { refusalOfLimit } from '#administration/device-limit.ts'
import type { DeviceNeeds } from '#administration/device-needs.ts'
import { findOwner, holdOwners } from '#administration/device-owner.ts'
import { type DeviceView, loadDevices } from '#administration/device-view.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { Device } from '#domain/device.ts'
import type { DeviceId } from '#domain/ids.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

/** What a new device is called and of which type; refuses before a number is taken. */
export function assertNewDevice(tenant: Tenant, wanted: DeviceChange, by: Administrator): void {
  const { externalId = '', type = '', status = 'PENDING' } = wanted
  // A phone has no serial number: it gets a name when nobody gives it one.
  if (externalId === '' && !tenant.configuration.findDeviceType(type)?.push) {
    throw new Refusal('invalid_value', 'A device needs an externalId.')
  }
  if (externalId.length > LONGEST_EXTERNAL_ID) {
    throw new Refusal('too_long', `externalId has more than ${LONGEST_EXTERNAL_ID} characters.`)
  }
  const refusal = refusalOfText('externalId', externalId)
  if (refusal) throw refusal
  if (!tenant.configuration.findDeviceType(type)) {
    if (tenant.configuration.findAbsence(type)) throw new Refusal('algorithm_absent')
    throw new Refusal('invalid_value', 'There is no device type with this code.')
  }
  if (status !== 'PENDING' && status !== 'ACTIVE') {
    throw new Refusal('status_not_allowed', 'A new device is PENDING or ACTIVE.')
  }
  if (wanted.owner !== undefined && wanted.owner.by !== 'none') assertMay(by, 'device.assign')
}

export function* createDevice(
  needs: DeviceNeeds,
  tenant: Tenant,
  id: DeviceId,
  wanted: DeviceChange,
  by: Administrator,
): Unit<DeviceView | Refusal | typeof STALE> {
  const { devices, proofs, recorder, count } = needs
  const version = yield* first(proofs.tenantVersion(tenant.number))
  if (isStale(tenant, version ? [version] : [])) return STALE
  const owner = wanted.owner === undefined ? null : yield* findOwner(needs, tenant, wanted.owner)
  if (owner instanceof Refusal) return owner
  const refusal = yield* holdOwners(needs, tenant, null, owner, by)
  if (refusal) return refusal

  const device = changedDevice(blank(id, wanted, needs.clock.now()), wanted, owner)
  if (device instanceof Refusal) return device
  const tooMany = yield* refusalOfLimit(needs, tenant, undefined, device)
  if (tooMany) return tooMany
  // Holds the counter: whoever makes a device waits here for an import that is about to, and the other way round.
  yield [count(tenant.number, 'device', 0)]
  if (!(yield* first(devices.addDevice(tenant.number, device)))) {
    return new Refusal('uniqueness', 'A device of this type with this externalId exists already.')
  }
  yield [count(tenant.number, 'device', 1), ...new DeviceEvents(recorder, tenant, by).added(device)]
  return (yield* loadDevices(devices, tenant.number, [id]))[0] ?? new Refusal('not_found')
}

function blank(id: DeviceId, { externalId = '', type = '' }: DeviceChange, now: number): Device {
  return {
    id,
    externalId,
    type,
    owner: null,
    friendlyName: null,
    status: 'PENDING',
    startAt_ms: now,
    expiryAt_ms: null,
    createdAt_ms: now,
    version: 1,
  }
}
