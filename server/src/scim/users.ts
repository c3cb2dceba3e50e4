/**
 * Users: `/scim/{tenant}/v2/Users` (RFC 7644 section 3, in the reference's dialect). PUT merges; a list and `.search` take the same
 * members; DELETE takes everything of the user away but his devices. Who may do what to whom is decided in the corridor.
 */
import { resourceQuery } from '@countersign/protocol/scim/resource-query.ts'
import { user as userShape } from '@countersign/protocol/scim/user.ts'
import { userWrite } from '@countersign/protocol/scim/user-write.ts'
import { Type } from 'typebox'
import { administratorOf } from '#administration/administrator.ts'
import type { UserView } from '#administration/user-view.ts'
import type { Users } from '#administration/users.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Answer, bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
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
import { readUserChange } from '#scim/user-read.ts'
import { partsOf, userOnWire } from '#scim/user-wire.ts'

interface Needs {
  readonly users: Users
}
type Here = Situation<Tenant>

const PATH = '/scim/{tenant}/v2/Users'
const params = numberedPath
const idIn = (path: { readonly id: string }) => numberIn(path, 'user')
const writeRefusals = [
  'invalid_value',
  'invalid_path',
  'too_long',
  'unknown_role',
  'uniqueness',
  'limit_reached',
] as const

function shownUser(user: UserView, here: Here, selection: Selection): Answer<unknown> {
  return shown(userOnWire(user, siteOf(here), here.tenant), user.version, selection)
}

export const userEndpoints: readonly Endpoint[] = [
  ...searchEndpoints<Needs>({
    path: PATH,
    plural: 'users',
    permission: 'user.search',
    resource: 'User',
    shape: userShape,
    async page({ tenant, site, plan, selection }, { users }) {
      const found = await users.search(tenant, plan, partsOf(selection))
      return { total: found.total, resources: found.users.map(user => userOnWire(user, site, tenant)) }
    },
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
      const selection = selectionOf(query, 'User')
      return shownUser(await users.create(here.tenant, readUserChange(body), administratorOf(here)), here, selection)
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
    refusals: [...selectionRefusals],
    async handle({ path, query }, here: Here, { users }: Needs) {
      const selection = selectionOf(query, 'User')
      return shownUser(await users.load(here.tenant, idIn(path), partsOf(selection)), here, selection)
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
      const selection = selectionOf(query, 'User')
      const target = { id: idIn(path), ...versionIn(here, membersOf(body).any('meta')) }
      const user = await users.update(here.tenant, target, readUserChange(body), administratorOf(here))
      return shownUser(user, here, selection)
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
      assertQuery(query)
      await users.remove(here.tenant, { id: idIn(path), ...versionIn(here) }, administratorOf(here))
      return { body: null }
    },
  }),
]
