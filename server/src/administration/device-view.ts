/**
 * A device as a door shows it: with its owner's external id and the ids of its keys. A page of a hundred is loaded by two
 * queries in one round trip.
 */
import type { Device } from '#domain/device.ts'
import type { CredentialId, DeviceId, TenantNumber } from '#domain/ids.ts'
import type { DeviceQueries, DeviceRow, OwnedDeviceRow } from '#domain/ports/device-queries.ts'
import { together, type Unit } from '#domain/ports/store.ts'

export interface DeviceView extends Device {
  readonly ownerExternalId: string | null
  readonly credentials: readonly CredentialId[]
}

/** The devices of these ids in their order; an id that nothing has is left out. At most 100. */
export function* loadDevices(
  queries: DeviceQueries,
  tenant: TenantNumber,
  ids: readonly DeviceId[],
): Unit<readonly DeviceView[]> {
  if (ids.length === 0) return []
  const [rows, children] = yield* together(queries.devices(tenant, ids), queries.childrenOf(tenant, ids))
  const credentials = new Map<DeviceId, CredentialId[]>()
  for (const { device, id } of children) {
    const known = credentials.get(device)
    if (known === undefined) credentials.set(device, [id])
    else known.push(id)
  }
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = byId.get(id)
    return row === undefined ? [] : viewOf(row, credentials.get(id) ?? [])
  })
}

function viewOf({ ownerExternalId, ...row }: OwnedDeviceRow, credentials: readonly CredentialId[]): DeviceView {
  return { ...deviceOf(row), ownerExternalId, credentials }
}

export function deviceOf({ startAt, expiryAt, createdAt, ...row }: DeviceRow): Device {
  return {
    ...row,
    startAt_ms: startAt,
    expiryAt_ms: expiryAt,
    createdAt_ms: createdAt,
  }
}
