/**
 * DELIVER-CHALLENGE: a code goes to a person within the text of a transaction, which is to be confirmed by that code alone. The text
 * holds `{$secret}` where the code stands. Each delivery is a challenge with an id of its own; the one before is over.
 */
import { planAttempt } from '#authentication/attempt.ts'
import { obstacleOf } from '#authentication/may-authenticate.ts'
import type { OutOfBandNeeds } from '#authentication/oob-needs.ts'
import { openCode } from '#authentication/oob-open.ts'
import { oobSettingsOf, roadFor } from '#authentication/oob-road.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { Actor } from '#domain/event.ts'
import type { ChallengeId, UserId } from '#domain/ids.ts'
import type { Policy } from '#domain/policy.ts'
import { together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface TransactionRequest {
  readonly user: UserId
  readonly policy: Policy
  readonly text: string
  /** Compared with what comes with the code. */
  readonly correlationId: string | undefined
  /** Must be the registered one when it is named. */
  readonly deviceType: string | undefined
  readonly channel: string
  readonly actor: Actor
  readonly correlation: string
}

export interface DeliveredTransaction {
  readonly id: ChallengeId
  /** Says nothing to anybody. */
  readonly challenge: string
}

const BLOB_BYTES = 33
export const SECRET = '{$secret}'

export function* deliverTransaction(
  needs: OutOfBandNeeds,
  tenant: Tenant,
  request: TransactionRequest,
): Unit<DeliveredTransaction | Refusal | typeof STALE> {
  const { proofs, oob, messages, clock, random, recorder } = needs
  const { user, policy, deviceType } = request
  const [[standing], [registration], [addresses]] = yield* together(
    proofs.standingOf(tenant.number, user, policy.code),
    oob.registration(tenant.number, user, policy.code),
    messages.addresses(tenant.number, user),
  )
  if (standing === undefined || standing.version > tenant.version) return STALE
  const now = clock.now()
  const obstacle = obstacleOf(policy, standing, now) ?? planAttempt(policy, standing, now).obstacle
  if (obstacle === 'unknown_user' || obstacle === 'no_authenticator') return new Refusal('not_found')
  if (obstacle) return new Refusal('action_not_possible', 'The authenticator cannot be used now.', { reason: obstacle })
  if (!registration)
    return new Refusal('action_not_possible', 'Nothing is registered for it: REGISTER-OOB comes first.')
  if (deviceType !== undefined && deviceType !== registration.deviceType)
    return new Refusal('invalid_value', 'DEVICETYPE is not the one that is registered.')
  const road =
    addresses && roadFor(tenant, { policy, registration, addresses, asked: undefined, everywhere: needs.inboxHere })
  if (!road) return new Refusal('action_not_possible', 'There is no way to this user: no address, or no gateway.')
  const opened = yield* openCode(needs, tenant, {
    user,
    policy,
    settings: oobSettingsOf(tenant, registration),
    road,
    proved: true,
    method: road.method,
    repeat_ms: 0,
    says: { kind: 'transaction', text: request.text, correlation: request.correlationId },
  })
  const event = recorder.record(tenant.number, {
    action: 'deliverChallenge',
    result: opened.obstacle === undefined ? 'SUCCESS' : 'FAILURE',
    ...(opened.obstacle === undefined ? {} : { reason: opened.obstacle }),
    actor: request.actor,
    user,
    parameters: {
      ATC: policy.code,
      CHC: request.channel,
      COI: request.correlation,
      DTC: registration.deviceType,
      TEXT1: road.method,
      TEXT2: String(opened.id),
    },
  })
  yield [...opened.queries, ...event.queries]
  if (opened.obstacle !== undefined) {
    return new Refusal('too_many_requests', 'Too many codes were sent.', { reason: opened.obstacle })
  }
  return { id: opened.id, challenge: Buffer.from(random.bytes(BLOB_BYTES)).toString('base64') }
}
