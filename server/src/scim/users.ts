/**
 * Users: `/scim/{tenant}/v2/Users` (RFC 7644 section 3, in the reference's dialect). PUT merges; a list and `.search` take the same
 * members; DELETE takes everything of the user away but his devices. Who may do what to whom is decided in the corridor.
 */
import { listResponse } from '@countersign/protocol/scim/list-response.ts'
import { resourceQuery } from '@countersign/protocol/scim/resource-query.ts'
import { searchRequest } from '@countersign/protocol/scim/search-request.ts'
import { user as userShape } from '@countersign/protocol/scim/user.ts'
import { userWrite } from '@countersign/protocol/scim/user-write.ts'
import { Type } from 'typebox'
import type { Target } from '#administration/user-update.ts'
import type { UserView } from '#administration/user-view.ts'
import type { Users } from '#administration/users.ts'
import { idOf, type UserId } from '#domain/ids.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Answer, bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { administratorOf } from '#scim/administrator.ts'
import { assertApiVersion } from '#scim/api-version.ts'
import { attributesOf } from '#scim/filter/attributes.ts'
import { listOf } from '#scim/list.ts'
import { membersOf } from '#scim/members.ts'
import { etagOf, expectedVersion } from '#scim/meta.ts'
import { readSearch } from '#scim/search.ts'
import { searchMembers } from '#scim/search-body.ts'
import { readSelection, type Selection, select } from '#scim/select.ts'
import { selectable } from '#scim/selectable.ts'
import { readUserChange } from '#scim/user-read.ts'
import { partsOf, userOnWire } from '#scim/user-wire.ts'

interface Needs {
  readonly users: Users
}
type Here = Situation<Tenant>

const PATH = '/scim/{tenant}/v2/Users'
const params = Type.Object({ id: Type.String({ maxLength: 20 }) })
const searchRefusals = ['invalid_value', 'invalid_filter', 'invalid_path', 'too_long'] as const
const writeRefusals = [
  'invalid_value',
  'invalid_path',
  'too_long',
  'unknown_role',
  'uniqueness',
  'limit_reached',
] as const

function idIn(path: { readonly id: string }): UserId {
  const id = idOf(path.id)
  if (id === undefined) throw new Refusal('not_found', 'There is no user with this id.')
  return id
}

function selectionOf(query: object): Selection {
  assertApiVersion(query as Readonly<Record<string, unknown>>)
  const members = membersOf(query)
  return readSelection(selectable.User, members.any('attributes'), members.any('excludedAttributes'))
}

function targetOf(id: UserId, { headers }: Here, body: unknown): Target {
  return { id, version: expectedVersion(headers['if-match'], body) }
}

function shown(user: UserView, { origin, tenant }: Here, selection: Selection): Answer<unknown> {
  const wire = userOnWire(user, { origin, tenant: tenant.name }, tenant)
  return { headers: { etag: etagOf(user.version) }, body: select(wire, selection) }
}

async function searched(query: object, body: object, here: Here, { users }: Needs): Promise<Answer<unknown>> {
  assertApiVersion(query as Readonly<Record<string, unknown>>)
  const { tenant, origin } = here
  const find = attributesOf('User', code => tenant.configuration.findAttributeType(code) !== undefined)
  const { plan, selection } = readSearch(searchMembers(query, body), find, selectable.User)
  const found = await users.search(tenant, plan, partsOf(selection))
  const site = { origin, tenant: tenant.name }
  const resources = found.users.map(user => select(userOnWire(user, site, tenant), selection))
  return { body: listOf(found.total, resources, plan.offset) }
}

export const userEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: PATH,
    summary: 'Lists users, all or those that a filter names.',
    access: bearerMay('user.search'),
    query: searchRequest,
    answers: { status: 200, shape: listResponse(userShape) },
    refusals: searchRefusals,
    handle: ({ query }, here: Here, needs: Needs) => searched(query, {}, here, needs),
  }),

  endpoint({
    method: 'POST',
    path: `${PATH}/.search`,
    summary: 'Searches users; the body holds what a list has in its query.',
    access: bearerMay('user.search'),
    query: searchRequest,
    accepts: { as: 'json', shape: searchRequest },
    answers: { status: 200, shape: listResponse(userShape) },
    refusals: searchRefusals,
    handle: ({ query, body }, here: Here, needs: Needs) => searched(query, body, here, needs),
  }),

  endpoint({
    method: 'POST',
    path: PATH,
    summary: 'Makes a user.',
    access: bearerMay('user.create'),
    query: resourceQuery,
    accepts: { as: 'json', shape: userWrite },
    answers: { status: 201, shape: userShape },
    refusals: writeRefusals,
    async handle({ query, body }, here: Here, { users }: Needs) {
      const selection = selectionOf(query)
      return shown(await users.create(here.tenant, readUserChange(body), administratorOf(here)), here, selection)
    },
  }),

  endpoint({
    method: 'GET',
    path: `${PATH}/{id}`,
    summary: 'Shows one user.',
    access: bearerMay('user.read'),
    params,
    query: resourceQuery,
    answers: { status: 200, shape: userShape },
    refusals: ['invalid_value', 'invalid_path', 'too_long'],
    async handle({ path, query }, here: Here, { users }: Needs) {
      const selection = selectionOf(query)
      return shown(await users.load(here.tenant, idIn(path), partsOf(selection)), here, selection)
    },
  }),

  endpoint({
    method: 'PUT',
    path: `${PATH}/{id}`,
    summary: 'Changes a user: members that are given are merged, all others stay.',
    access: bearerMay('user.update'),
    params,
    query: resourceQuery,
    accepts: { as: 'json', shape: userWrite },
    answers: { status: 200, shape: userShape },
    refusals: [...writeRefusals, 'version_mismatch'],
    async handle({ path, query, body }, here: Here, { users }: Needs) {
      const selection = selectionOf(query)
      const target = targetOf(idIn(path), here, membersOf(body).any('meta'))
      const user = await users.update(here.tenant, target, readUserChange(body), administratorOf(here))
      return shown(user, here, selection)
    },
  }),

  endpoint({
    method: 'DELETE',
    path: `${PATH}/{id}`,
    summary: 'Removes a user with everything of his but his devices, which become nobody’s.',
    access: bearerMay('user.delete'),
    params,
    query: resourceQuery,
    answers: { status: 204, shape: Type.Null() },
    refusals: ['invalid_value', 'version_mismatch'],
    async handle({ path, query }, here: Here, { users }: Needs) {
      assertApiVersion(query)
      await users.remove(here.tenant, targetOf(idIn(path), here, undefined), administratorOf(here))
      return { body: null }
    },
  }),
]
