/**
 * `api_otp`: the code is handed to a privileged client, which brings it to the person itself. It opens like one that was sent, kills
 * the older, and counts against the person's budget. That it was handed out, and to whom, is in the audit.
 */
import { findAttempt } from '#authentication/find-attempt.ts'
import type { OutOfBandNeeds } from '#authentication/oob-needs.ts'
import { lifeOf, oobSettingsOf } from '#authentication/oob-road.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { Actor } from '#domain/event.ts'
import { codePlace } from '#domain/oob.ts'
import type { Policy } from '#domain/policy.ts'
import { together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { makeCode } from '#factors/oob/oob.ts'

export interface HandOutRequest {
  readonly name: string
  readonly policy: Policy
  readonly channel: string
  readonly actor: Actor
  readonly correlation: string
}

export interface HandedCode {
  readonly code: string
  readonly expires_in_seconds: number
}

export function* handOut(
  needs: OutOfBandNeeds,
  tenant: Tenant,
  request: HandOutRequest,
): Unit<HandedCode | Refusal | typeof STALE> {
  const { proofs, oob, clock, happenings, random, recorder } = needs
  const { policy } = request
  const found = yield* findAttempt(needs, tenant, request)
  if (found === STALE) return STALE
  const { user, attempt } = found
  const limit = policy.challengeDisableThreshold < 0 ? Number.MAX_SAFE_INTEGER : policy.challengeDisableThreshold
  const [[registration], counted] = yield* together(
    oob.registration(tenant.number, user, policy.code),
    proofs.countChallenge(tenant.number, attempt.obstacle === undefined ? user : 0, policy.code, limit),
  )
  const settings = registration && oobSettingsOf(tenant, registration)
  const obstacle = attempt.obstacle ?? (settings ? (counted[0] ? undefined : 'over_budget') : 'not_registered')
  const event = recorder.record(tenant.number, {
    action: 'generateOTP',
    result: obstacle === undefined ? 'SUCCESS' : 'FAILURE',
    ...(obstacle === undefined ? {} : { reason: obstacle }),
    actor: request.actor,
    ...(user > 0 ? { user } : {}),
    parameters: { ATC: policy.code, CHC: request.channel, COI: request.correlation },
  })
  if (obstacle !== undefined || !settings) {
    yield event.queries
    return new Refusal('invalid_grant', undefined, { reason: obstacle ?? 'not_registered' })
  }
  const id = happenings.next()
  const code = makeCode(settings.digits, random)
  const now = clock.now()
  const life = lifeOf(policy)
  const body = tenant.sealer.seal(codePlace(id), Buffer.from(JSON.stringify({ code })))
  const row = {
    id,
    method: 'caller',
    body,
    triesLeft: settings.tries,
    createdAt: now,
    expiresAt: now + life * 1000,
  } as const
  yield [...oob.open(tenant.number, user, policy.code, row, now), ...event.queries]
  return { code, expires_in_seconds: life }
}
