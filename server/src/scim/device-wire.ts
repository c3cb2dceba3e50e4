/** A device as clients of this API read it. Its keys are named by id and address; nothing of them is shown here. */
import type { Device as DeviceWire } from '@countersign/protocol/scim/device.ts'
import { urn } from '@countersign/protocol/scim/urn.ts'
import type { DeviceView } from '#administration/device-view.ts'
import { showStatus } from '#scim/entity-status.ts'
import { locationOf, type Site } from '#scim/location.ts'
import { metaOf } from '#scim/meta.ts'
import { memberRef } from '#scim/reference.ts'

/**
 * A device in a list shows no `meta.version`: the samples say "1" there for devices that were assigned before, while ours
 * rises with each assignment. Whoever wants to send a version back reads the one device, and its ETag.
 */
export function listedDevice(device: DeviceView, site: Site, now_ms: number): DeviceWire {
  const { resourceType, created, location } = metaOf(site, 'Device', device.id, device)
  return { ...deviceOnWire(device, site, now_ms), meta: { resourceType, created, location } }
}

export function deviceOnWire(device: DeviceView, site: Site, now_ms: number): DeviceWire {
  const { id, friendlyName, owner, ownerExternalId } = device
  return {
    schemas: [urn.device],
    id: String(id),
    externalId: device.externalId,
    meta: metaOf(site, 'Device', id, device),
    ...(friendlyName === null ? {} : { friendlyName }),
    type: device.type,
    status: showStatus(device, device.status === 'ACTIVE', now_ms),
    ...(owner === null ? {} : { owner: memberRef(site, 'User', owner, ownerExternalId ?? '') }),
    children: device.credentials.map(key => ({ value: String(key), $ref: locationOf(site, 'Credential', key) })),
  }
}
