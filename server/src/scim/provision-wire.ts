/** An invitation as clients of this API read it. An open one that is past its time shows EXPIRED, though its row does not say so. */
import type { Provision as ProvisionWire } from '@countersign/protocol/scim/provision.ts'
import { urn } from '@countersign/protocol/scim/urn.ts'
import type { ProvisionView } from '#administration/provision-view.ts'
import { showDate } from '#scim/dates.ts'
import type { Site } from '#scim/location.ts'
import { metaOf } from '#scim/meta.ts'
import { memberRef } from '#scim/reference.ts'

export function provisionOnWire(view: ProvisionView, site: Site, now_ms: number, message?: string): ProvisionWire {
  const expired = view.status === 'UNPROCESSED' && now_ms >= view.expiresAt_ms
  return {
    schemas: [urn.provision],
    id: String(view.id),
    meta: metaOf(site, 'Provision', view.id, view),
    deviceType: view.deviceType,
    ...(view.description === '' ? {} : { description: view.description }),
    status: {
      status: expired ? 'EXPIRED' : view.status,
      active: false,
      startDate: showDate(view.createdAt_ms),
      expiryDate: showDate(view.expiresAt_ms),
    },
    owner: memberRef(site, 'User', view.user, view.userExternalId),
    attributes: message === undefined ? [] : [{ name: 'PROV_MSG', type: 'string', value: message, readOnly: false }],
  }
}
