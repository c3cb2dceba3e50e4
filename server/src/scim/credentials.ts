/**
 * Credentials: `/scim/{tenant}/v2/Credential`. There is no way to make one here; a key comes with its device, by an import.
 * What can be changed is its status and its dates, which must hold beside those of the device.
 */
import { credential as credentialShape } from '@countersign/protocol/scim/credential.ts'
import { credentialWrite } from '@countersign/protocol/scim/credential-write.ts'
import { resourceQuery } from '@countersign/protocol/scim/resource-query.ts'
import { Type } from 'typebox'
import { administratorOf } from '#administration/administrator.ts'
import type { CredentialView } from '#administration/credential-view.ts'
import type { Credentials } from '#administration/credentials.ts'
import { deviceStatuses } from '#domain/device.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Answer, bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { credentialOnWire } from '#scim/credential-wire.ts'
import { assertSameId } from '#scim/device-read.ts'
import { readStatus } from '#scim/entity-status.ts'
import { siteOf } from '#scim/location.ts'
import { membersOf } from '#scim/members.ts'
import {
  assertQuery,
  numberedPath,
  numberIn,
  selectionOf,
  selectionRefusals,
  shown,
  versionIn,
} from '#scim/resource-request.ts'
import { searchEndpoints } from '#scim/search-endpoints.ts'
import type { Selection } from '#scim/select.ts'

interface Needs {
  readonly credentials: Credentials
  readonly clock: Clock
}
type Here = Situation<Tenant>

const PATH = '/scim/{tenant}/v2/Credential'
const params = numberedPath
const idIn = (path: { readonly id: string }) => numberIn(path, 'credential')

function shownCredential(one: CredentialView, here: Here, selection: Selection, { clock }: Needs): Answer<unknown> {
  return shown(credentialOnWire(one, siteOf(here), clock.now()), one.version, selection)
}

export const credentialEndpoints: readonly Endpoint[] = [
  ...searchEndpoints<Needs>({
    path: PATH,
    plural: 'credentials',
    permission: 'credential.read',
    resource: 'Credential',
    shape: credentialShape,
    async page({ tenant, site, plan }, { credentials, clock }) {
      const found = await credentials.search(tenant, plan)
      const now = clock.now()
      return { total: found.total, resources: found.credentials.map(one => credentialOnWire(one, site, now)) }
    },
  }),

  endpoint({
    method: 'GET',
    path: `${PATH}/{id}`,
    summary: 'Shows one credential, without its secret.',
    access: bearerMay('credential.read'),
    params,
    query: resourceQuery,
    answers: { status: 200, shape: credentialShape },
    refusals: [...selectionRefusals, 'not_found'],
    async handle({ path, query }, here: Here, needs: Needs) {
      const selection = selectionOf(query, 'Credential')
      return shownCredential(await needs.credentials.load(here.tenant, idIn(path)), here, selection, needs)
    },
  }),

  endpoint({
    method: 'PUT',
    path: `${PATH}/{id}`,
    summary: 'Changes status or dates of a credential.',
    access: bearerMay('credential.update'),
    params,
    query: resourceQuery,
    accepts: { as: 'json', shape: credentialWrite },
    answers: { status: 200, shape: credentialShape },
    refusals: [
      'invalid_value',
      'invalid_path',
      'too_long',
      'status_not_allowed',
      'dates_in_wrong_order',
      'immutable',
      'version_mismatch',
      'not_found',
    ],
    async handle({ path, query, body }, here: Here, needs: Needs) {
      const selection = selectionOf(query, 'Credential')
      const id = idIn(path)
      const members = membersOf(body)
      assertSameId(members, id)
      const target = { id, ...versionIn(here, members.any('meta')) }
      const wanted = readStatus(members, deviceStatuses) ?? {}
      const one = await needs.credentials.update(here.tenant, target, wanted, administratorOf(here))
      return shownCredential(one, here, selection, needs)
    },
  }),

  endpoint({
    method: 'DELETE',
    path: `${PATH}/{id}`,
    summary: 'Removes a credential; its device stays.',
    access: bearerMay('credential.delete'),
    params,
    query: resourceQuery,
    answers: { status: 204, shape: Type.Null() },
    refusals: ['invalid_value', 'version_mismatch', 'not_found'],
    async handle({ path, query }, here: Here, { credentials }: Needs) {
      assertQuery(query)
      await credentials.remove(here.tenant, { id: idIn(path), ...versionIn(here) }, administratorOf(here))
      return { body: null }
    },
  }),
]
