/**
 * How many devices of one type a user may have in use. Asked only when one more comes into use for him; what he has already
 * stays, also when the limit was lowered since. The caller holds the owner's row, so two at once are counted one after another.
 */
import type { DeviceNeeds } from '#administration/device-needs.ts'
import type { Device } from '#domain/device.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export function* refusalOfLimit(
  { devices }: Pick<DeviceNeeds, 'devices'>,
  tenant: Tenant,
  before: Device | undefined,
  { id, owner, type, status }: Device,
): Unit<Refusal | undefined> {
  if (owner === null || status !== 'ACTIVE') return undefined
  if (before?.owner === owner && before.status === 'ACTIVE') return undefined
  const most = tenant.configuration.findDeviceType(type)?.maximumDevicePerUser ?? -1
  if (most < 0) return undefined
  const active = yield* first(devices.activeDevices(tenant.number, owner, type, id))
  if ((active?.total ?? 0) < most) return undefined
  return new Refusal('limit_reached', `A user may have ${most} active devices of the type ${type}.`)
}
