/** Invitations to enrol: `/scim/{tenant}/v2/Device/Provision`. A POST to one carries the action CONFIRM. */
import { actionAnswer as actionShape } from '@countersign/protocol/scim/action.ts'
import { provision, provisionAction, provisionWrite } from '@countersign/protocol/scim/provision.ts'
import { resourceQuery } from '@countersign/protocol/scim/resource-query.ts'
import { Type } from 'typebox'
import { administratorOf } from '#administration/administrator.ts'
import type { Provisions } from '#administration/provisions.ts'
import type { Clock } from '#domain/ports/clock.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { actionAnswer, readAction, unknownAction } from '#scim/actions.ts'
import { siteOf } from '#scim/location.ts'
import { readProvision } from '#scim/provision-read.ts'
import { provisionOnWire } from '#scim/provision-wire.ts'
import { assertQuery, numberedPath, numberIn, selectionOf, selectionRefusals, shown } from '#scim/resource-request.ts'
import { searchEndpoints } from '#scim/search-endpoints.ts'

interface Needs {
  readonly provisions: Provisions
  readonly clock: Clock
}
type Here = Situation<Tenant>

const PATH = '/scim/{tenant}/v2/Device/Provision'
const idIn = (path: { readonly id: string }) => numberIn(path, 'provision')

export const provisionEndpoints: readonly Endpoint[] = [
  ...searchEndpoints<Needs>({
    path: PATH,
    plural: 'invitations',
    permission: 'provision.read',
    resource: 'Provision',
    shape: provision,
    async page({ tenant, site, plan }, { provisions, clock }) {
      const found = await provisions.search(tenant, plan)
      const now = clock.now()
      return { total: found.total, resources: found.provisions.map(one => provisionOnWire(one, site, now)) }
    },
  }),

  endpoint({
    method: 'POST',
    path: PATH,
    summary: 'Invites a user to enrol an approve app; the answer holds the invitation, once.',
    access: bearerMay('provision.create'),
    query: resourceQuery,
    accepts: { as: 'json', shape: provisionWrite },
    answers: { status: 201, shape: provision },
    refusals: [...selectionRefusals, 'unsupported_value', 'temporarily_unavailable', 'not_found'],
    async handle({ query, body }, here: Here, { provisions, clock }: Needs) {
      const selection = selectionOf(query, 'Provision')
      const by = administratorOf(here)
      const read = readProvision(body, here.tenant)
      const { view, message } =
        read.kind === 'online'
          ? await provisions.invite(here.tenant, read.wanted, by)
          : await provisions.inviteOffline(here.tenant, read.wanted, by)
      return shown(provisionOnWire(view, siteOf(here), clock.now(), message), view.version, selection)
    },
  }),

  endpoint({
    method: 'GET',
    path: `${PATH}/{id}`,
    summary: 'Shows one invitation, without what is secret in it.',
    access: bearerMay('provision.read'),
    params: numberedPath,
    query: resourceQuery,
    answers: { status: 200, shape: provision },
    refusals: [...selectionRefusals, 'not_found'],
    async handle({ path, query }, here: Here, { provisions, clock }: Needs) {
      const selection = selectionOf(query, 'Provision')
      const view = await provisions.load(here.tenant, idIn(path))
      return shown(provisionOnWire(view, siteOf(here), clock.now()), view.version, selection)
    },
  }),

  endpoint({
    method: 'POST',
    path: `${PATH}/{id}`,
    summary: 'Confirms a registration by the six characters that the app shows (CONFIRM).',
    access: bearerMay('provision.create'),
    params: numberedPath,
    query: resourceQuery,
    accepts: { as: 'json', shape: provisionAction },
    answers: { status: 200, shape: actionShape },
    refusals: ['invalid_value', 'unsupported_value', 'action_not_possible', 'not_found'],
    async handle({ path, query, body }, here: Here, { provisions }: Needs) {
      assertQuery(query)
      const action = readAction(body)
      if (action.action !== 'CONFIRM') throw unknownAction()
      const code = action.value('CODE')
      if (code === undefined) throw new Refusal('invalid_value', 'CODE holds the six characters.')
      await provisions.confirm(here.tenant, idIn(path), code, administratorOf(here))
      return { body: actionAnswer([]) }
    },
  }),

  endpoint({
    method: 'DELETE',
    path: `${PATH}/{id}`,
    summary: 'Takes an invitation back.',
    access: bearerMay('provision.delete'),
    params: numberedPath,
    query: resourceQuery,
    answers: { status: 204, shape: Type.Null() },
    refusals: ['invalid_value', 'not_found'],
    async handle({ path, query }, here: Here, { provisions }: Needs) {
      assertQuery(query)
      await provisions.remove(here.tenant, idIn(path), administratorOf(here))
      return { body: null }
    },
  }),
]
