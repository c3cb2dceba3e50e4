/**
 * Authenticators: `/scim/{tenant}/v2/Authenticator`, one per user and policy, its id `52276.AT_OTP`. POST on the collection makes
 * one, POST on one of them runs an action. PUT merges status, dates and a new password that an administrator sets.
 */
import { actionAnswer } from '@countersign/protocol/scim/action.ts'
import { authenticator as authenticatorShape } from '@countersign/protocol/scim/authenticator.ts'
import { actionRequest, authenticatorWrite } from '@countersign/protocol/scim/authenticator-write.ts'
import { resourceQuery } from '@countersign/protocol/scim/resource-query.ts'
import { Type } from 'typebox'
import { administratorOf } from '#administration/administrator.ts'
import type { Target } from '#administration/authenticator-units.ts'
import type { AuthenticatorView } from '#administration/authenticator-view.ts'
import type { Authenticators } from '#administration/authenticators.ts'
import type { Users } from '#administration/users.ts'
import type { Challenges } from '#authentication/challenges.ts'
import type { OutOfBand } from '#authentication/out-of-band.ts'
import { idOf, type UserId } from '#domain/ids.ts'
import type { Clock } from '#domain/ports/clock.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Answer, bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { readAction } from '#scim/actions.ts'
import { runAction } from '#scim/authenticator-actions.ts'
import { readAuthenticatorId } from '#scim/authenticator-id.ts'
import { namedBy, readAuthenticator, type WrittenAuthenticator } from '#scim/authenticator-read.ts'
import { authenticatorOnWire } from '#scim/authenticator-wire.ts'
import { siteOf } from '#scim/location.ts'
import { assertQuery, selectionOf, selectionRefusals, shown, versionIn } from '#scim/resource-request.ts'
import { searchEndpoints } from '#scim/search-endpoints.ts'
import type { Selection } from '#scim/select.ts'

interface Needs {
  readonly users: Users
  readonly authenticators: Authenticators
  readonly challenges: Challenges
  readonly outOfBand: OutOfBand
  readonly clock: Clock
}
type Here = Situation<Tenant>

const PATH = '/scim/{tenant}/v2/Authenticator'
const params = Type.Object({ id: Type.String({ maxLength: 60 }) })

const writeRefusals = [
  'invalid_value',
  'invalid_path',
  'too_long',
  'unsupported_value',
  'status_not_allowed',
  'dates_in_wrong_order',
  'password_not_allowed',
  'temporarily_unavailable',
] as const
const notFound = () => new Refusal('not_found', 'The user has no authenticator of this policy.')

function keyIn(path: { readonly id: string }): { readonly user: UserId; readonly policy: string } {
  const id = readAuthenticatorId(path.id)
  if (id?.number === undefined) throw notFound()
  return { user: id.number, policy: id.policy }
}

function shownAuthenticator(
  one: AuthenticatorView,
  here: Here,
  { clock }: Needs,
  selection: Selection,
): Answer<unknown> {
  return shown(authenticatorOnWire(one, siteOf(here), clock.now()), one.version, selection)
}

async function ownerOf({ owner }: WrittenAuthenticator, tenant: Tenant, { users }: Needs): Promise<UserId> {
  const name = namedBy(owner)
  if (owner === undefined || name === undefined) throw new Refusal('invalid_value', 'An authenticator needs an owner.')
  const user = owner.by === 'value' ? idOf(name) : await users.findNamed(tenant, name)
  if (user === undefined) throw new Refusal('invalid_value', 'There is no such user to own the authenticator.')
  return user
}

/** Who sends back what he read names policy and owner too; other ones than these cannot be had. */
function assertSame(written: WrittenAuthenticator, { user, policy }: Target): void {
  const { owner } = written
  const other = owner?.by === 'value' && owner.value !== String(user)
  if (other || owner?.by === 'none') throw new Refusal('immutable', 'The owner of an authenticator stays.')
  if ((namedBy(written.policy) ?? policy) !== policy) {
    throw new Refusal('immutable', 'The policy of an authenticator stays.')
  }
}

export const authenticatorEndpoints: readonly Endpoint[] = [
  ...searchEndpoints<Needs>({
    path: PATH,
    plural: 'authenticators',
    permission: 'authenticator.read',
    resource: 'Authenticator',
    shape: authenticatorShape,
    async page({ tenant, site, plan }, { authenticators, clock }) {
      const found = await authenticators.search(tenant, plan)
      const now = clock.now()
      return { total: found.total, resources: found.authenticators.map(one => authenticatorOnWire(one, site, now)) }
    },
  }),

  endpoint({
    method: 'POST',
    path: PATH,
    summary: 'Makes an authenticator for a user under a policy, once.',
    access: bearerMay('authenticator.create'),
    query: resourceQuery,
    accepts: { as: 'json', shape: authenticatorWrite },
    answers: { status: 201, shape: authenticatorShape },
    refusals: [...writeRefusals, 'uniqueness'],
    async handle({ query, body }, here: Here, needs: Needs) {
      const selection = selectionOf(query, 'Authenticator')
      const written = readAuthenticator(body)
      const policy = namedBy(written.policy)
      if (policy === undefined) throw new Refusal('invalid_value', 'An authenticator needs a policy.')
      const user = await ownerOf(written, here.tenant, needs)
      const { password, registration } = written
      const enrolment = { ...written.wanted, user, policy, password, registration }
      const made = await needs.authenticators.create(here.tenant, enrolment, administratorOf(here))
      return shownAuthenticator(made, here, needs, selection)
    },
  }),

  endpoint({
    method: 'GET',
    path: `${PATH}/{id}`,
    summary: 'Shows one authenticator with its statistics.',
    access: bearerMay('authenticator.read'),
    params,
    query: resourceQuery,
    answers: { status: 200, shape: authenticatorShape },
    refusals: [...selectionRefusals],
    async handle({ path, query }, here: Here, needs: Needs) {
      const selection = selectionOf(query, 'Authenticator')
      const { user, policy } = keyIn(path)
      return shownAuthenticator(await needs.authenticators.load(here.tenant, user, policy), here, needs, selection)
    },
  }),

  endpoint({
    method: 'PUT',
    path: `${PATH}/{id}`,
    summary: 'Changes status or dates of an authenticator, or sets a new password.',
    access: bearerMay('authenticator.update'),
    params,
    query: resourceQuery,
    accepts: { as: 'json', shape: authenticatorWrite },
    answers: { status: 200, shape: authenticatorShape },
    refusals: [...writeRefusals, 'immutable', 'version_mismatch'],
    async handle({ path, query, body }, here: Here, needs: Needs) {
      const selection = selectionOf(query, 'Authenticator')
      const written = readAuthenticator(body)
      const target = { ...keyIn(path), ...versionIn(here, written.meta) }
      if (written.registration) throw new Refusal('unsupported_value', 'An Action is posted to the authenticator.')
      assertSame(written, target)
      const { wanted, password } = written
      const changed = await needs.authenticators.update(here.tenant, target, wanted, password, administratorOf(here))
      return shownAuthenticator(changed, here, needs, selection)
    },
  }),

  endpoint({
    method: 'POST',
    path: `${PATH}/{id}`,
    summary:
      'Runs an action on an authenticator: RESET, DEVICE-CHALLENGE, REGISTER-OOB, UNREGISTER-OOB, DELIVER-CHALLENGE.',
    access: bearerMay('authenticator.read'),
    params,
    query: resourceQuery,
    accepts: { as: 'json', shape: actionRequest },
    answers: { status: 200, shape: actionAnswer },
    refusals: ['invalid_value', 'unsupported_value', 'too_long', 'action_not_possible', 'too_many_requests'],
    async handle({ path, query, body }, here: Here, needs: Needs) {
      assertQuery(query)
      const request = readAction(body)
      const id = readAuthenticatorId(path.id)
      if (id === undefined) throw notFound()
      return { body: await runAction(id, { ...request, body }, here, needs) }
    },
  }),

  endpoint({
    method: 'DELETE',
    path: `${PATH}/{id}`,
    summary: 'Removes an authenticator with its password and its counts.',
    access: bearerMay('authenticator.delete'),
    params,
    query: resourceQuery,
    answers: { status: 204, shape: Type.Null() },
    refusals: ['invalid_value', 'version_mismatch'],
    async handle({ path, query }, here: Here, { authenticators }: Needs) {
      assertQuery(query)
      await authenticators.remove(here.tenant, { ...keyIn(path), ...versionIn(here) }, administratorOf(here))
      return { body: null }
    },
  }),
]
