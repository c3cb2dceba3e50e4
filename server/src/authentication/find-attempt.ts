/**
 * The first flush of every proof: who is named, how his authenticator stands, what may be tried now. A name that nobody has
 * is user 0, for whom the same statements find nothing.
 */
import { type Attempt, planAttempt } from '#authentication/attempt.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { Proof } from '#authentication/proof.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { UserId } from '#domain/ids.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface FoundAttempt {
  readonly user: UserId
  readonly attempt: Attempt
  readonly now: number
  /** Of the authenticator; null: never. */
  readonly expiryAt: number | null
}

export function* findAttempt(
  { proofs, clock }: AuthenticationNeeds,
  tenant: Tenant,
  { name, policy }: Pick<Proof, 'name' | 'policy'>,
): Unit<FoundAttempt | typeof STALE> {
  const standing = yield* first(proofs.standing(tenant.number, name, policy.code))
  if (standing === undefined || standing.version > tenant.version) return STALE
  const now = clock.now()
  return { user: standing.user ?? 0, attempt: planAttempt(policy, standing, now), now, expiryAt: standing.expiryAt }
}
