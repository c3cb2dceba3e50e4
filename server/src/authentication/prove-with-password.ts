/**
 * A secret that a person chose, kept as argon2id. The attempt is reserved and committed before the slow hash runs;
 * the verdict is settled afterwards. Standing is checked again at the end: who was locked out meanwhile gets nothing,
 * and a password that was replaced while it was hashed is the wrong one.
 */
import { findAttempt } from '#authentication/find-attempt.ts'
import { mayChangeExpired, type Obstacle, obstacleOf } from '#authentication/may-authenticate.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import { PASSWORD_EXPIRED, type Proof, type Verdict } from '#authentication/proof.ts'
import { reserveStep, within } from '#authentication/reserve-step.ts'
import { settled, settlement } from '#authentication/settlement.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { Policy } from '#domain/policy.ts'
import { together, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface ReservedPassword {
  readonly user: number
  readonly own: number | undefined
  readonly obstacle: string | undefined
  readonly hash: string | undefined
  /** The try of the login of which this is a step. */
  readonly tries: number | undefined
}

export function* reservePassword(
  needs: AuthenticationNeeds,
  tenant: Tenant,
  proof: Proof,
): Unit<ReservedPassword | typeof STALE> {
  const { proofs } = needs
  const policy = proof.policy.code
  const found = yield* findAttempt(needs, tenant, proof)
  if (found === STALE) return STALE
  const { user, attempt, now } = found
  const tries = yield* reserveStep(proof)
  const [slots, passwords] = yield* together(
    proofs.reserve(tenant.number, { ...within(attempt, tries), user, policy, at: now }),
    proofs.passwordOf(tenant.number, user, policy),
    anyAttempt(needs, tenant, now),
  )
  const slot = tries === 'over' ? undefined : slots[0]
  return {
    user,
    own: slot?.started,
    tries: typeof tries === 'number' ? tries : undefined,
    obstacle: tries === 'over' ? 'login_over' : (attempt.obstacle ?? (slot ? undefined : 'locked')),
    // Nothing is compared with the true hash unless an attempt was reserved for it.
    hash: slot ? passwords[0]?.hash : undefined,
  }
}

/**
 * A row that every attempt changes, whoever is named. Without it the reservation of an unknown user changes nothing, its commit
 * waits for no disk, and the answer comes a tenth of a millisecond earlier. Spread over rows, so that attempts do not queue up.
 */
export function anyAttempt({ budgets }: AuthenticationNeeds, tenant: Tenant, now_ms: number) {
  const of = {
    name: 'password_attempts',
    subject: String(now_ms % ATTEMPT_ROWS),
    period: Math.floor(now_ms / MINUTE_MS),
  }
  return budgets.takeSlice(tenant.number, of, 1, Number.MAX_SAFE_INTEGER)
}

const ATTEMPT_ROWS = 16
const MINUTE_MS = 60_000

export function* settlePassword(
  needs: AuthenticationNeeds,
  tenant: Tenant,
  proof: Proof,
  reserved: ReservedPassword,
  matches: boolean,
): Unit<Verdict | typeof STALE> {
  const { proofs, clock } = needs
  const [[standing], [password]] = yield* together(
    proofs.standingOf(tenant.number, reserved.user, proof.policy.code),
    proofs.passwordOf(tenant.number, reserved.user, proof.policy.code),
  )
  if (standing === undefined || standing.version > tenant.version) return STALE
  const now = clock.now()
  const holds = matches && password?.hash === reserved.hash
  const end = settlement(needs, tenant, proof, {
    action: 'primaryAuthenticateUP',
    user: reserved.user,
    own: reserved.own,
    now_ms: now,
    device: undefined,
    amr: ['pwd'],
    rejection: reserved.obstacle ?? rejectionOf(proof.policy, obstacleOf(proof.policy, standing, now), password, holds),
    expiresAt_ms: standing.expiryAt,
    ...(reserved.tries === undefined ? {} : { tries: reserved.tries }),
  })
  return yield* settled(end)
}

/** That a password has expired is told to nobody who does not know it. */
export function rejectionOf(
  policy: Policy,
  obstacle: Obstacle | undefined,
  password: { readonly expiredChanges: number } | undefined,
  holds: boolean,
): string | undefined {
  if (obstacle === undefined) return holds ? undefined : 'wrong'
  if (obstacle !== 'authenticator_expired' || !mayChangeExpired(policy, password?.expiredChanges)) return obstacle
  return holds ? PASSWORD_EXPIRED : 'wrong'
}
