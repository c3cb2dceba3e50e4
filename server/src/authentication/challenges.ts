/**
 * A question for a device that answers by response: issued to one authenticator and one device, answered once, for a
 * while. Issuing counts: after `challengeDisableThreshold` questions without a right answer no more are given.
 */

import { keyFor } from '#authentication/answer-with-key.ts'
import { planAttempt } from '#authentication/attempt.ts'
import { obstacleOf, usable } from '#authentication/may-authenticate.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import { decide, STALE } from '#domain/deciding-unit.ts'
import type { Actor } from '#domain/event.ts'
import type { ChallengeId, DeviceId, UserId } from '#domain/ids.ts'
import type { Policy } from '#domain/policy.ts'
import { together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { makeChallenge } from '#factors/oath/challenge.ts'

export interface ChallengeRequest {
  readonly user: UserId
  readonly policy: Policy
  readonly device: DeviceId
  readonly channel: string
  readonly actor: Actor
  readonly correlation: string
}

export interface Challenge {
  readonly id: ChallengeId
  readonly question: string
}

/** Where a policy sets no life for challenges, they live this long all the same: nothing stays open for ever. */
const LONGEST_LIFE_SECONDS = 24 * 3600

export class Challenges {
  readonly #needs: AuthenticationNeeds

  constructor(needs: AuthenticationNeeds) {
    this.#needs = needs
  }

  async open(tenant: Tenant, request: ChallengeRequest): Promise<Challenge> {
    const answer = await decide<Challenge | Refusal>(this.#needs, tenant, current => this.#unit(current, request))
    if (answer instanceof Refusal) throw answer
    return answer
  }

  *#unit(tenant: Tenant, request: ChallengeRequest): Unit<Challenge | Refusal | typeof STALE> {
    const { proofs, clock, random, happenings, recorder } = this.#needs
    const { user, policy, device } = request
    const [standings, candidates] = yield* together(
      proofs.standingOf(tenant.number, user, policy.code),
      proofs.candidatesOf(tenant.number, user, device),
    )
    const [standing] = standings
    if (standing === undefined || standing.version > tenant.version) return STALE
    const now = clock.now()
    const obstacle = obstacleOf(policy, standing, now) ?? planAttempt(policy, standing, now).obstacle
    if (obstacle === 'unknown_user' || obstacle === 'no_authenticator') return new Refusal('not_found')
    if (obstacle)
      return new Refusal('action_not_possible', 'The authenticator cannot be used now.', { reason: obstacle })
    const key = keyFor(
      tenant,
      candidates.filter(candidate => usable(candidate, now)),
      'ASYNCHRONOUS',
    )
    if (!key)
      return new Refusal('action_not_possible', 'This device gives no answers to challenges, or not to this user.')

    const limit = policy.challengeDisableThreshold < 0 ? Number.MAX_SAFE_INTEGER : policy.challengeDisableThreshold
    const question = makeChallenge(key.settings, random)
    const life = policy.challengeTimeout_seconds < 0 ? LONGEST_LIFE_SECONDS : policy.challengeTimeout_seconds
    const [counted] = yield* together(proofs.countChallenge(tenant.number, user, policy.code, limit))
    if (!counted[0]) return new Refusal('action_not_possible', 'Too many challenges were left unanswered.')
    const challenge = { id: happenings.next(), question }
    const event = recorder.record(tenant.number, {
      action: 'getChallenge',
      result: 'SUCCESS',
      actor: request.actor,
      user,
      parameters: { ATC: policy.code, CHC: request.channel, DID: device, COI: request.correlation },
    })
    yield [
      proofs.openChallenge(tenant.number, {
        ...challenge,
        user,
        policy: policy.code,
        device,
        credential: key.candidate.credential,
        expiresAt: now + life * 1000,
      }),
      ...event.queries,
    ]
    return challenge
  }
}
