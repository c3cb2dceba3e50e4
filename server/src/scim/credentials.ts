/**
 * Credentials: `/scim/{tenant}/v2/Credential`. There is no way to make one here; a key comes with its device, by an import.
 * What can be changed is its status and its dates, which must hold beside those of the device.
 */
import { credential as credentialShape } from '@countersign/protocol/scim/credential.ts'
import { credentialWrite } from '@countersign/protocol/scim/credential-write.ts'
import { listResponse } from '@countersign/protocol/scim/list-response.ts'
import { resourceQuery } from '@countersign/protocol/scim/resource-query.ts'
import { searchRequest } from '@countersign/protocol/scim/search-request.ts'
import { Type } from 'typebox'
import type { CredentialView } from '#administration/credential-view.ts'
import type { Credentials, CredentialTarget } from '#administration/credentials.ts'
import { deviceStatuses } from '#domain/device.ts'
import { type CredentialId, idOf } from '#domain/ids.ts'
import type { Clock } from '#domain/ports/clock.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Answer, bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { administratorOf } from '#scim/administrator.ts'
import { assertApiVersion } from '#scim/api-version.ts'
import { credentialOnWire } from '#scim/credential-wire.ts'
import { assertSameId } from '#scim/device-read.ts'
import { readStatus } from '#scim/entity-status.ts'
import { attributesOf } from '#scim/filter/attributes.ts'
import { listOf } from '#scim/list.ts'
import { membersOf } from '#scim/members.ts'
import { etagOf, expectedVersion } from '#scim/meta.ts'
import { readSearch } from '#scim/search.ts'
import { searchMembers } from '#scim/search-body.ts'
import { readSelection, type Selection, select } from '#scim/select.ts'
import { selectable } from '#scim/selectable.ts'

interface Needs {
  readonly credentials: Credentials
  readonly clock: Clock
}
type Here = Situation<Tenant>

const PATH = '/scim/{tenant}/v2/Credential'
const params = Type.Object({ id: Type.String({ maxLength: 20 }) })
const searchRefusals = ['invalid_value', 'invalid_filter', 'invalid_path', 'too_long'] as const
const noUserAttributes = () => false

function idIn(path: { readonly id: string }): CredentialId {
  const id = idOf(path.id)
  if (id === undefined) throw new Refusal('not_found', 'There is no credential with this id.')
  return id
}

function selectionOf(query: object): Selection {
  assertApiVersion(query as Readonly<Record<string, unknown>>)
  const members = membersOf(query)
  return readSelection(selectable.Credential, members.any('attributes'), members.any('excludedAttributes'))
}

function targetOf(id: CredentialId, { headers }: Here, meta: unknown): CredentialTarget {
  return { id, version: expectedVersion(headers['if-match'], meta) }
}

function shown(one: CredentialView, { origin, tenant }: Here, selection: Selection, { clock }: Needs): Answer<unknown> {
  const wire = credentialOnWire(one, { origin, tenant: tenant.name }, clock.now())
  return { headers: { etag: etagOf(one.version) }, body: select(wire, selection) }
}

async function searched(query: object, body: object, here: Here, needs: Needs): Promise<Answer<unknown>> {
  assertApiVersion(query as Readonly<Record<string, unknown>>)
  const { tenant, origin } = here
  const find = attributesOf('Credential', noUserAttributes)
  const { plan, selection } = readSearch(searchMembers(query, body), find, selectable.Credential)
  const found = await needs.credentials.search(tenant, plan)
  const site = { origin, tenant: tenant.name }
  const now = needs.clock.now()
  const resources = found.credentials.map(one => select(credentialOnWire(one, site, now), selection))
  return { body: listOf(found.total, resources, plan.offset) }
}

export const credentialEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: PATH,
    summary: 'Lists credentials, all or those that a filter names.',
    access: bearerMay('credential.read'),
    query: searchRequest,
    answers: { status: 200, shape: listResponse(credentialShape) },
    refusals: searchRefusals,
    handle: ({ query }, here: Here, needs: Needs) => searched(query, {}, here, needs),
  }),

  endpoint({
    method: 'POST',
    path: `${PATH}/.search`,
    summary: 'Searches credentials; the body holds what a list has in its query.',
    access: bearerMay('credential.read'),
    query: searchRequest,
    accepts: { as: 'json', shape: searchRequest },
    answers: { status: 200, shape: listResponse(credentialShape) },
    refusals: searchRefusals,
    handle: ({ query, body }, here: Here, needs: Needs) => searched(query, body, here, needs),
  }),

  endpoint({
    method: 'GET',
    path: `${PATH}/{id}`,
    summary: 'Shows one credential, without its secret.',
    access: bearerMay('credential.read'),
    params,
    query: resourceQuery,
    answers: { status: 200, shape: credentialShape },
    refusals: ['invalid_value', 'invalid_path', 'too_long', 'not_found'],
    async handle({ path, query }, here: Here, needs: Needs) {
      const selection = selectionOf(query)
      return shown(await needs.credentials.load(here.tenant, idIn(path)), here, selection, needs)
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
      const selection = selectionOf(query)
      const id = idIn(path)
      const members = membersOf(body)
      assertSameId(members, id)
      const target = targetOf(id, here, members.any('meta'))
      const wanted = readStatus(members, deviceStatuses) ?? {}
      const one = await needs.credentials.update(here.tenant, target, wanted, administratorOf(here))
      return shown(one, here, selection, needs)
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
      assertApiVersion(query)
      await credentials.remove(here.tenant, targetOf(idIn(path), here, undefined), administratorOf(here))
      return { body: null }
    },
  }),
]
