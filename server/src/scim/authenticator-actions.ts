/**
 * Actions on an authenticator: RESET lifts a block, DEVICE-CHALLENGE asks for a question that a device of the user answers, REGISTER-OOB
 * and UNREGISTER-OOB say who gets codes by mail or SMS, DELIVER-CHALLENGE sends one within the text of a transaction. Each
 * needs a permission of its own beside that of reading. Whom an action concerns is said by the address, or by USER.EXTERNALID when
 * the address has no user or has the id of a device there (tolerance T10).
 */
import type { ActionAnswer } from '@countersign/protocol/scim/action.ts'
import { administratorOf } from '#administration/administrator.ts'
import type { Authenticators } from '#administration/authenticators.ts'
import { assertMay } from '#administration/change.ts'
import type { Users } from '#administration/users.ts'
import type { Challenges } from '#authentication/challenges.ts'
import { SECRET } from '#authentication/oob-transaction.ts'
import type { OutOfBand } from '#authentication/out-of-band.ts'
import { type DeviceId, idOf, type UserId } from '#domain/ids.ts'
import type { Policy } from '#domain/policy.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Situation } from '#http/endpoint.ts'
import { type ActionRequest, actionAnswer, unknownAction } from '#scim/actions.ts'
import type { AuthenticatorId } from '#scim/authenticator-id.ts'
import { readRegistration } from '#scim/authenticator-read.ts'

interface Needs {
  readonly users: Users
  readonly authenticators: Authenticators
  readonly challenges: Challenges
  readonly outOfBand: OutOfBand
}

/** Where a caller names no channel. */
const USUAL_CHANNEL = 'CH_EXTRAPP'

interface Addressed {
  readonly user: UserId
  readonly policy: string
  /** When the address named a device. */
  readonly device: DeviceId | undefined
}

/** With what stands beside the Action. */
interface PostedAction extends ActionRequest {
  readonly body: unknown
}

type Action = (
  addressed: Addressed,
  request: PostedAction,
  here: Situation<Tenant>,
  needs: Needs,
) => Promise<ActionAnswer>

const actions: ReadonlyMap<string, Action> = new Map([
  ['RESET', reset],
  ['DEVICE-CHALLENGE', deviceChallenge],
  ['REGISTER-OOB', register],
  ['UNREGISTER-OOB', unregister],
  ['DELIVER-CHALLENGE', deliverChallenge],
])

export async function runAction(
  id: AuthenticatorId,
  request: PostedAction,
  here: Situation<Tenant>,
  needs: Needs,
): Promise<ActionAnswer> {
  const action = actions.get(request.action)
  if (!action) throw unknownAction()
  return action(await addressedBy(id, request, here.tenant, needs), request, here, needs)
}

async function addressedBy(
  { number, policy }: AuthenticatorId,
  request: ActionRequest,
  tenant: Tenant,
  { users }: Needs,
): Promise<Addressed> {
  const name = request.value('USER.EXTERNALID')
  if (name === undefined) {
    if (number === undefined)
      throw new Refusal('invalid_value', 'Without a user in the address, USER.EXTERNALID names one.')
    return { user: number, policy, device: undefined }
  }
  const user = await users.findNamed(tenant, name)
  if (user === undefined) throw new Refusal('not_found', 'The user has no authenticator of this policy.')
  return { user, policy, device: number === user ? undefined : number }
}

async function reset({ user, policy }: Addressed, _: ActionRequest, here: Situation<Tenant>, needs: Needs) {
  await needs.authenticators.reset(here.tenant, { user, policy }, administratorOf(here))
  return actionAnswer([])
}

async function deviceChallenge(addressed: Addressed, request: ActionRequest, here: Situation<Tenant>, needs: Needs) {
  const by = administratorOf(here)
  assertMay(by, 'authenticator.challenge')
  const { tenant } = here
  const policy = tenant.configuration.findPolicy(addressed.policy)
  if (!policy) throw new Refusal('not_found', 'The user has no authenticator of this policy.')
  const challenge = await needs.challenges.open(tenant, {
    user: addressed.user,
    policy,
    device: deviceIn(addressed, request),
    channel: channelIn(request, policy, tenant),
    actor: by.actor,
    correlation: by.correlation,
  })
  return actionAnswer([
    ['CHALLENGE', challenge.question],
    ['CHALLENGE.ID', String(challenge.id)],
    ['REQUEST.STATUS', '1'],
    ['REQUEST.REASON', '-1'],
    ['REQUEST.ERROR_MESSAGE'],
  ])
}

async function register({ user, policy }: Addressed, request: PostedAction, here: Situation<Tenant>, needs: Needs) {
  const wanted = readRegistration(request.body, request)
  const made = await needs.authenticators.register(here.tenant, { user, policy }, wanted, administratorOf(here))
  return actionAnswer([
    ['OOB_DEVICETYPE_CODE', made.deviceType],
    ['OOB_CREDENTIALTYPE_CODE', made.credentialType],
  ])
}

async function unregister({ user, policy }: Addressed, _: PostedAction, here: Situation<Tenant>, needs: Needs) {
  await needs.authenticators.unregister(here.tenant, { user, policy }, administratorOf(here))
  return actionAnswer([])
}

const LONGEST_CORRELATION = 128

async function deliverChallenge(addressed: Addressed, request: PostedAction, here: Situation<Tenant>, needs: Needs) {
  const by = administratorOf(here)
  assertMay(by, 'authenticator.challenge')
  const { tenant } = here
  const policy = tenant.configuration.findPolicy(addressed.policy)
  if (!policy) throw new Refusal('not_found', 'The user has no authenticator of this policy.')
  if (policy.factor !== 'oob' || policy.purpose !== 'action')
    throw new Refusal('action_not_possible', `${policy.code} has no codes for transactions.`)
  const text = request.value('TDS') ?? ''
  if (!text.includes(SECRET))
    throw new Refusal('invalid_value', `tds is the text that is sent; ${SECRET} stands where the code does.`)
  const correlationId = request.value('CORRELATIONID')
  if ((correlationId?.length ?? 0) > LONGEST_CORRELATION)
    throw new Refusal('too_long', `correlationid has more than ${LONGEST_CORRELATION} characters.`)
  const delivered = await needs.outOfBand.deliver(tenant, {
    ...{ user: addressed.user, policy, text, correlationId, actor: by.actor, correlation: by.correlation },
    deviceType: request.value('DEVICETYPE'),
    channel: channelIn(request, policy, tenant),
  })
  return actionAnswer([
    ['CHALLENGE', delivered.challenge],
    ['CHALLENGE.ID', String(delivered.id)],
    ['REQUEST.STATUS', '1'],
    ['REQUEST.REASON', '-1'],
    ['REQUEST.ERROR_MESSAGE'],
  ])
}

function deviceIn({ device }: Addressed, request: ActionRequest): DeviceId {
  const text = request.value('DEVICE.ID')
  const named = text === undefined ? device : idOf(text)
  if (named === undefined || (device !== undefined && named !== device)) {
    throw new Refusal('invalid_value', 'DEVICE.ID names the device, by its internal id.')
  }
  return named
}

function channelIn(request: ActionRequest, policy: Policy, tenant: Tenant): string {
  const channel = request.value('CHANNEL') ?? USUAL_CHANNEL
  if (!tenant.configuration.findChannel(channel)) throw new Refusal('invalid_value', 'CHANNEL is not known here.')
  if (!policy.validChannels.includes(channel)) {
    throw new Refusal('invalid_value', `${policy.code} may not be used on this channel.`)
  }
  return channel
}
