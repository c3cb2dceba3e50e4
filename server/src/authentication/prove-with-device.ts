/**
 * A code from something the user holds: one-time code, response to a challenge, transaction signature. Fast enough to
 * be reserved, verified and settled in one unit: find, reserve and load, settle. The reservation's row lock makes other
 * nodes wait, so that one of many equal codes wins; a key shared by two policies is held by compare-and-set.
 */
import { type Answer, answerOf, questionHash } from '#authentication/answer-with-key.ts'
import { findAttempt } from '#authentication/find-attempt.ts'
import { usable } from '#authentication/may-authenticate.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { Proof, Verdict } from '#authentication/proof.ts'
import { reserveStep, within } from '#authentication/reserve-step.ts'
import { type Ended, settled, settlement } from '#authentication/settlement.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { OpenChallenge } from '#domain/ports/proof-queries.ts'
import { first, together, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

const actions = {
  SYNCHRONOUS: 'primaryAuthenticateOTP',
  ASYNCHRONOUS: 'primaryAuthenticateCR',
  SIGNING: 'verifyTransactionSignature',
} as const

/** A passkey or a card is proved in a login; a code of a token is nothing under their policies. */
const ASKED_ELSEWHERE: readonly string[] = ['fido', 'card']

const NO_CHALLENGES: readonly OpenChallenge[] = []

export function* proveWithDevice(
  needs: AuthenticationNeeds,
  tenant: Tenant,
  proof: Proof,
): Unit<Verdict | typeof STALE> {
  const { proofs } = needs
  const policy = proof.policy.code
  const found = yield* findAttempt(needs, tenant, proof)
  if (found === STALE) return STALE
  const { user, attempt, now, expiryAt } = found
  const tries = yield* reserveStep(proof)
  const [slots, candidates, challenges = NO_CHALLENGES] = yield* together(
    proofs.reserve(tenant.number, { ...within(attempt, tries), user, policy, at: now }),
    proof.device === undefined
      ? proofs.candidates(tenant.number, user)
      : proofs.candidatesOf(tenant.number, user, proof.device),
    ...(proof.mode === 'ASYNCHRONOUS' ? [proofs.openChallenges(tenant.number, user, policy, now)] : []),
  )
  const slot = tries === 'over' ? undefined : slots[0]

  const answer = answerOf(needs, tenant, proof, {
    // Without a reservation nothing true is compared, but the same work is done.
    candidates:
      slot && !ASKED_ELSEWHERE.includes(proof.policy.factor) ? candidates.filter(one => usable(one, now)) : [],
    challenges,
    // Counted by the reservation itself: parallel guesses must not each find a fresh look-ahead.
    failures: slot ? slot.started - slot.forgiven - 1 : 0,
    now_seconds: Math.floor(now / 1000),
  })
  const obstacle = tries === 'over' ? 'login_over' : (attempt.obstacle ?? (slot ? undefined : 'locked'))
  const spent = obstacle === undefined && (yield* spendOnce(needs, tenant, answer, now))
  const end = settlement(needs, tenant, proof, {
    action: actions[proof.mode],
    user,
    own: slot?.started,
    now_ms: now,
    device: deviceOf(answer),
    amr: answer.accepted ? answer.amr : [],
    rejection: obstacle ?? rejectionOf(answer, spent),
    expiresAt_ms: expiryAt,
    ...(typeof tries === 'number' ? { tries } : {}),
  } satisfies Ended)
  if (!spent || !answer.accepted) return yield* settled(end)
  const { key, state } = answer
  return yield* settled(end, proofs.advance(tenant.number, key.credential, key.stateVersion, state, now))
}

const rejectionOf = (answer: Answer, spent: boolean) => {
  if (!answer.accepted) return answer.reason
  return spent ? undefined : 'replayed'
}

function deviceOf(answer: Answer): Ended['device'] {
  const key = answer.key
  return key && { id: key.device, type: key.deviceType, externalId: key.deviceExternalId }
}

/** What was asked may be answered once: the challenge is taken away, the signed values are remembered. */
function* spendOnce(needs: AuthenticationNeeds, tenant: Tenant, answer: Answer, now: number): Unit<boolean> {
  if (!answer.accepted) return false
  if (answer.challenge !== undefined) {
    return (yield* first(needs.proofs.spendChallenge(tenant.number, answer.challenge))) !== undefined
  }
  if (answer.question === undefined) return true
  const hash = questionHash(answer.question)
  return (yield* first(needs.proofs.spendSignature(tenant.number, answer.key.credential, hash, now))) !== undefined
}
