/**
 * Removes a device with its keys. One that belongs to somebody is first taken from him, in the same unit. Surprise: how far each key
 * had come stays remembered, so that the same token imported again goes on from there.
 */
import type { Administrator } from '#administration/change.ts'
import { forgetApp, forgetInvitations } from '#administration/device-app.ts'
import { DeviceEvents } from '#administration/device-events.ts'
import type { DeviceNeeds } from '#administration/device-needs.ts'
import { type DeviceTarget, holdDevice } from '#administration/device-update.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import type { Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export function* removeDevice(
  needs: DeviceNeeds,
  tenant: Tenant,
  target: DeviceTarget,
  by: Administrator,
): Unit<true | Refusal | typeof STALE> {
  const { devices, credentials, recorder, count } = needs
  const held = yield* holdDevice(needs, tenant, target, {}, by)
  if (held === STALE || held instanceof Refusal) return held
  const { device } = held
  yield* forgetApp(needs, tenant, device)
  yield* forgetInvitations(needs, tenant, device)
  const answers = yield [
    ...(device.owner === null ? [] : [devices.dropChallenges(tenant.number, device.owner, device.id)]),
    ...credentials.removeCredentialsOf(tenant.number, device.id),
  ]
  const keys = answers.at(-1)?.length ?? 0
  const [removed] = yield [
    devices.removeDevice(tenant.number, device.id, device.version),
    count(tenant.number, 'device', -1),
    ...(keys === 0 ? [] : [count(tenant.number, 'credential', -keys)]),
    ...new DeviceEvents(recorder, tenant, by).removed(device, keys),
  ]
  if (removed?.[0] === undefined) throw new LostRace('the device was changed by somebody else meanwhile')
  return true
}
