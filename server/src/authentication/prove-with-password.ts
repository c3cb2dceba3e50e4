/**
 * A secret that a person chose, kept as argon2id. The attempt is reserved and committed before the slow hash runs;
 * the verdict is settled afterwards. Standing is checked again at the end: who was locked out meanwhile gets nothing.
 */
import { planAttempt } from '#authentication/attempt.ts'
import { STALE } from '#authentication/decide.ts'
import { obstacleOf } from '#authentication/may-authenticate.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { Proof, Verdict } from '#authentication/proof.ts'
import { settlement } from '#authentication/settlement.ts'
import { together, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface ReservedPassword {
  readonly user: number
  readonly own: number | undefined
  readonly ownOfUser: number | undefined
  readonly obstacle: string | undefined
  readonly hash: string | undefined
}

export function* reservePassword(
  needs: AuthenticationNeeds,
  tenant: Tenant,
  proof: Proof,
): Unit<ReservedPassword | typeof STALE> {
  const { proofs, clock } = needs
  const policy = proof.policy.code
  const [versions, standings] = yield* together(
    proofs.tenantVersion(tenant.number),
    proofs.standing(tenant.number, proof.name, policy),
  )
  if (versions[0] === undefined || versions[0].version > tenant.version) return STALE
  const now = clock.now()
  const standing = standings[0]
  const user = standing?.user ?? 0
  const attempt = planAttempt(proof.policy, standing, now)
  const [slots, userSlots, passwords] = yield* together(
    proofs.reserve(tenant.number, user, policy, attempt.limit, now),
    proofs.reserveUser(tenant.number, user, attempt.userLimit, now),
    proofs.passwordOf(tenant.number, user, policy),
  )
  const open = slots[0] !== undefined && userSlots[0] !== undefined
  return {
    user,
    own: slots[0]?.started,
    ownOfUser: userSlots[0]?.started,
    obstacle: attempt.obstacle ?? (open ? undefined : 'locked'),
    // Nothing is compared with the true hash unless an attempt was reserved for it.
    hash: open ? passwords[0]?.hash : undefined,
  }
}

export function* settlePassword(
  needs: AuthenticationNeeds,
  tenant: Tenant,
  proof: Proof,
  reserved: ReservedPassword,
  matches: boolean,
): Unit<Verdict | typeof STALE> {
  const [versions, standings] = yield* together(
    needs.proofs.tenantVersion(tenant.number),
    needs.proofs.standingOf(tenant.number, reserved.user, proof.policy.code),
  )
  if (versions[0] === undefined || versions[0].version > tenant.version) return STALE
  const now = needs.clock.now()
  const rejection = reserved.obstacle ?? obstacleOf(proof.policy, standings[0], now) ?? (matches ? undefined : 'wrong')
  const { queries, verdict } = settlement(needs, tenant, proof, {
    action: 'primaryAuthenticateUP',
    user: reserved.user,
    own: reserved.own,
    ownOfUser: reserved.ownOfUser,
    now_ms: now,
    device: undefined,
    amr: ['pwd'],
    rejection,
  })
  yield queries
  return verdict
}
