/**
 * What goes with a device that is an approve app when it is taken from its owner or removed: its keys, what waits for it, its
 * invitations. A phone that was Alice's never approves as Bob.
 */
import type { DeviceNeeds } from '#administration/device-needs.ts'
import type { Device } from '#domain/device.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

type Needs = Pick<DeviceNeeds, 'apps' | 'approvals' | 'provisions' | 'count'>

export function* forgetApp(needs: Needs, tenant: Tenant, { id }: Pick<Device, 'id'>): Unit<void> {
  const { apps, approvals, provisions, count } = needs
  if (!(yield* first(apps.calling(tenant.number, id)))) return
  const keys = (yield* first(apps.countKeys(tenant.number, id)))?.total ?? 0
  yield [
    approvals.dropOf(tenant.number, id),
    provisions.replaceOpen(tenant.number, id),
    ...apps.removeApp(tenant.number, id),
    ...apps.removeKeys(tenant.number, id),
    count(tenant.number, 'credential', -keys),
  ]
}

/** With the device itself its invitations go. */
export function* forgetInvitations(needs: Needs, tenant: Tenant, { id }: Pick<Device, 'id'>): Unit<void> {
  const answers = yield needs.provisions.removeProvisionsOf(tenant.number, id)
  const gone = answers.at(-1)?.length ?? 0
  if (gone > 0) yield [needs.count(tenant.number, 'provision', -gone)]
}
