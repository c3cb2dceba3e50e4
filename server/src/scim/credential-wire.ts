/** A credential as clients of this API read it. `attributes` is empty: nothing of a key is shown but that it is there. */
import type { Credential as CredentialWire } from '@countersign/protocol/scim/credential.ts'
import { urn } from '@countersign/protocol/scim/urn.ts'
import type { CredentialView } from '#administration/credential-view.ts'
import { showStatus } from '#scim/entity-status.ts'
import type { Site } from '#scim/location.ts'
import { metaOf } from '#scim/meta.ts'
import { memberRef } from '#scim/reference.ts'

export function credentialOnWire(one: CredentialView, site: Site, now_ms: number): CredentialWire {
  return {
    schemas: [urn.credential],
    id: String(one.id),
    externalId: one.externalId,
    meta: metaOf(site, 'Credential', one.id, one),
    type: one.type,
    status: showStatus(one, one.status === 'ACTIVE', now_ms),
    device: memberRef(site, 'Device', one.device, one.deviceExternalId),
    attributes: [],
  }
}
