/**
 * Somebody who knows his password sets another. The old one is proved like at a log-on: one attempt of the same counters, reserved
 * before it is verified; it may have expired where the policy lets its owner change it then. Only whoever gave the right one is told which
 * rules a new one breaks, and that costs no attempt. Nothing is signed in by it.
 */
import { obstacleOf } from '#authentication/may-authenticate.ts'
import { type Alongside, PASSWORD_EXPIRED, type Proof } from '#authentication/proof.ts'
import { type ReservedPassword, rejectionOf, reservePassword } from '#authentication/prove-with-password.ts'
import type { PasswordOutcome, RecoveryNeeds } from '#authentication/recovery-needs.ts'
import { type Asking, type Judged, judged, passwordEvent, setting, standing } from '#authentication/set-password.ts'
import { settled, settlement } from '#authentication/settlement.ts'
import { decide, STALE } from '#domain/deciding-unit.ts'
import type { Policy } from '#domain/policy.ts'
import { together, type Unit } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

const ACTION = 'changeUserPassword'

export interface PasswordChange extends Asking {
  readonly name: string
  readonly policy: Policy
  readonly oldPassword: string
  readonly newPassword: string
  readonly client: string
  /** `settle` is called with whom the old password proved also when the new one breaks a rule: no wrong answer was given. */
  readonly alongside?: Alongside
}

export async function changePassword(
  needs: RecoveryNeeds,
  tenant: Tenant,
  wanted: PasswordChange,
): Promise<PasswordOutcome> {
  const proof = proofOf(wanted)
  const place = needs.hasher.admit()
  try {
    const reserved = await decide(needs, tenant, current => reservePassword(needs, current, proof))
    const matches = await place.verify(reserved.hash, proof.secret.normalize('NFC'))
    const { user, obstacle } = reserved
    const right = matches && obstacle === undefined
    const ready = right
      ? await judged(needs, tenant, place, { user, policy: wanted.policy, password: wanted.newPassword })
      : undefined
    const end = await decide<PasswordOutcome>(needs, tenant, current =>
      settleChange(needs, current, proof, reserved, right, ready),
    )
    if (end.outcome === 'rejected') await needs.watch.proofFailed(tenant.number)
    return end
  } finally {
    place.leave()
  }
}

function* settleChange(
  needs: RecoveryNeeds,
  tenant: Tenant,
  proof: Proof,
  reserved: ReservedPassword,
  right: boolean,
  ready: Judged | undefined,
): Unit<PasswordOutcome | typeof STALE> {
  const { proofs, users, authenticators, sessions, clock } = needs
  const { policy, alongside } = proof
  const { user, own, tries } = reserved
  // The owner's row first, as in every change of his authenticators: it orders them.
  const [, [now], [row], [kept]] = yield* together(
    users.heldUser(tenant.number, user),
    proofs.standingOf(tenant.number, user, policy.code),
    authenticators.authenticator(tenant.number, user, policy.code),
    authenticators.password(tenant.number, user, policy.code),
  )
  if (now === undefined || now.version > tenant.version) return STALE
  const now_ms = clock.now()
  const holds = right && kept?.hash === reserved.hash
  const rejection = reserved.obstacle ?? rejectionOf(policy, obstacleOf(policy, now, now_ms), kept, holds)
  if (rejection !== undefined && rejection !== PASSWORD_EXPIRED) {
    const end = settlement(needs, tenant, proof, {
      ...{ action: ACTION, user, own, now_ms, device: undefined, amr: [], rejection, expiresAt_ms: null },
      ...(tries === undefined ? {} : { tries }),
    })
    yield* settled(end)
    return { outcome: 'rejected', reason: rejection }
  }
  if (!ready || !row || !kept || own === undefined) throw new Fault('a right password without what belongs to it')
  const noFailure = proofs.settleRight(tenant.number, user, policy.code, own)
  const step = tries === undefined ? [] : (alongside?.settle({ user, amr: ['pwd'], device: undefined }, tries) ?? [])
  const told = (reason?: string) =>
    passwordEvent(needs, tenant, { action: ACTION, user, policy: policy.code, reason }, proof)
  if ('broken' in ready) {
    yield* standing([noFailure, ...told('password_not_allowed')], step)
    return { outcome: 'broken', rules: ready.broken }
  }
  const place = { row, policy, kept, now_ms }
  yield* standing(
    [noFailure, sessions.endSessionsOf(tenant.number, user, now_ms), ...told()],
    [...setting(needs, tenant, place, ready), ...step],
  )
  return { outcome: 'changed', user }
}

function proofOf({ oldPassword, alongside, ...wanted }: PasswordChange): Proof {
  const { name, policy, channel, client, actor, correlation } = wanted
  return {
    ...{ name, policy, channel, client, actor, correlation },
    ...{ secret: oldPassword, mode: 'SYNCHRONOUS', device: undefined, values: [], scope: '', session: false },
    ...(alongside === undefined ? {} : { alongside }),
  }
}
