/**
 * A new password for a forgotten one, by the code or the link that was sent. A try of the code and one of the user's wide budget are taken
 * before anything is compared; a code counts in the login that asked for it, a link alone. Used once, however many post it at once. It
 * signs nobody in and takes no factor away (security.md R1); a block that only an administrator lifts stays.
 */
import { userLimit } from '#authentication/attempt.ts'
import { mayChangeExpired, obstacleOf } from '#authentication/may-authenticate.ts'
import type { Alongside } from '#authentication/proof.ts'
import { anyAttempt } from '#authentication/prove-with-password.ts'
import type { PasswordOutcome, RecoveryNeeds } from '#authentication/recovery-needs.ts'
import { codeOf, handleOf } from '#authentication/recovery-secret.ts'
import { reserveStep } from '#authentication/reserve-step.ts'
import { type Asking, type Judged, judged, passwordEvent, setting, standing } from '#authentication/set-password.ts'
import { decide, STALE } from '#domain/deciding-unit.ts'
import type { UserId } from '#domain/ids.ts'
import { lockout } from '#domain/lockout.ts'
import type { Policy } from '#domain/policy.ts'
import type { Standing } from '#domain/ports/proof-queries.ts'
import type { RecoveryRow } from '#domain/ports/recovery-queries.ts'
import { first, together, type Unit } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

const ACTION = 'resetUserPassword'
/** Of one code or link. */
export const MOST_TRIES = 5

/** The code, where it was asked for. */
interface ByCode {
  readonly name: string
  readonly policy: Policy
  /** Actions of which this one is the end. */
  readonly actionIds: readonly string[]
  readonly client: string
  readonly loginId: number | undefined
  readonly resetCode: string
}

/** The link, in whatever browser it was opened. */
interface ByLink {
  readonly token: string
}

export type PasswordReset = Asking &
  (ByCode | ByLink) & {
    readonly newPassword: string
    /** `settle` is called with whom the code proved also when the password breaks a rule. No `amr`: nobody is signed in. */
    readonly alongside?: Alongside
  }

interface Taken {
  readonly row: RecoveryRow
  readonly policy: Policy
  /** Of the user's wide budget. */
  readonly own: number
  readonly tries: number | undefined
}

export async function resetPassword(
  needs: RecoveryNeeds,
  tenant: Tenant,
  wanted: PasswordReset,
): Promise<PasswordOutcome> {
  const place = needs.hasher.admit()
  try {
    const taken = await decide<Taken | string>(needs, tenant, current => take(needs, current, wanted))
    if (typeof taken === 'string') {
      await needs.watch.proofFailed(tenant.number)
      return { outcome: 'rejected', reason: taken }
    }
    const { row, policy } = taken
    const ready = await judged(needs, tenant, place, { user: row.user, policy, password: wanted.newPassword })
    return await decide<PasswordOutcome>(needs, tenant, current => settleReset(needs, current, wanted, taken, ready))
  } finally {
    place.leave()
  }
}

interface Asked {
  readonly standing: Standing
  readonly user: UserId
  /** Undefined: nothing was sent that could be shown. */
  readonly policy: Policy | undefined
}

/** The code that was right, with what it took; else why not, which stands in the audit by then. */
function* take(needs: RecoveryNeeds, tenant: Tenant, wanted: PasswordReset): Unit<Taken | string | typeof STALE> {
  const { recoveries, proofs, clock } = needs
  const { alongside } = wanted
  const asked = yield* find(needs, tenant, wanted)
  if (asked === undefined) return STALE
  const { user, policy, standing: now } = asked
  const now_ms = clock.now()
  const tries = yield* reserveStep(wanted)
  const row = yield* first(
    'token' in wanted
      ? recoveries.takeTryOf(tenant.number, tries === 'over' ? 0 : rowOf(needs, wanted.token), MOST_TRIES, now_ms)
      : recoveries.takeTry(
          tenant.number,
          { user: tries === 'over' ? 0 : user, policy: wanted.policy.code, login: wanted.loginId ?? 0 },
          MOST_TRIES,
          now_ms,
        ),
  )
  // Where no code is open nothing can be guessed, and nobody's budget is spent by strangers.
  const [[slot]] = yield* together(
    proofs.reserveUser(tenant.number, row ? user : 0, userLimit(now, now_ms), now_ms),
    anyAttempt(needs, tenant, now_ms),
  )
  const right = fits(needs, tenant, wanted, row)
  const reasons = [
    tries === 'over' ? 'login_over' : undefined,
    row && policy ? obstacleTo(policy, now, now_ms) : 'no_code',
    slot ? undefined : 'locked',
    right ? undefined : 'wrong',
    row && 'resetCode' in wanted && !belongs(row, wanted) ? 'other_action' : undefined,
  ]
  const reason = reasons.find(one => one !== undefined)
  if (reason === undefined && row && policy && slot) {
    return { row, policy, own: slot.started, tries: tries === 'over' ? undefined : tries }
  }
  const told = { action: ACTION, user, policy: policy?.code ?? '', reason } as const
  yield* standing(
    passwordEvent(needs, tenant, told, wanted),
    typeof tries === 'number' ? (alongside?.settle(undefined, tries) ?? []) : [],
  )
  return reason ?? 'wrong'
}

const belongs = (row: RecoveryRow, { actionIds, client }: ByCode) =>
  actionIds.includes(row.action) && row.client === client

/** Undefined: the tenant was loaded before its last change. */
function* find(needs: RecoveryNeeds, tenant: Tenant, shown: ByCode | ByLink): Unit<Asked | undefined> {
  const { proofs, recoveries } = needs
  if ('resetCode' in shown) {
    const [[now]] = yield* together(proofs.standing(tenant.number, shown.name, shown.policy.code))
    if (now === undefined || now.version > tenant.version) return undefined
    return { standing: now, user: now.user ?? 0, policy: shown.policy }
  }
  const [[row]] = yield* together(recoveries.recoveryOf(tenant.number, rowOf(needs, shown.token)))
  const [[now]] = yield* together(proofs.standingOf(tenant.number, row?.user ?? 0, row?.policy ?? ''))
  if (now === undefined || now.version > tenant.version) return undefined
  const policy = row && tenant.configuration.findPolicy(row.policy)
  return { standing: now, user: now.user ?? 0, policy }
}

const rowOf = ({ handles }: RecoveryNeeds, token: string) => handles.read('reset', handleOf(token))?.rowId ?? 0

const NO_PROOF = new Uint8Array(32)

/** As much is computed and compared for a code that nobody has. */
function fits(
  { handles, codes }: RecoveryNeeds,
  tenant: Tenant,
  shown: ByCode | ByLink,
  row: RecoveryRow | undefined,
): boolean {
  if ('token' in shown) {
    const proof = handles.read('reset', handleOf(shown.token))?.proof
    return handles.sameProof(row?.linkProof ?? NO_PROOF, proof ?? NO_PROOF) && row !== undefined && proof !== undefined
  }
  const proof = codes.codeProof(tenant.number, row?.id ?? 0, codeOf(shown.resetCode))
  return handles.sameProof(row?.codeProof ?? NO_PROOF, proof) && row !== undefined
}

function obstacleTo(policy: Policy, now: Standing, now_ms: number, expiredChanges = 0): string | undefined {
  const obstacle = obstacleOf(policy, now, now_ms)
  return obstacle === 'authenticator_expired' && mayChangeExpired(policy, expiredChanges) ? undefined : obstacle
}

function* settleReset(
  needs: RecoveryNeeds,
  tenant: Tenant,
  wanted: PasswordReset,
  { row: { id, user, passwordVersion }, policy, own, tries }: Taken,
  ready: Judged | undefined,
): Unit<PasswordOutcome | typeof STALE> {
  const { proofs, users, authenticators, recoveries, sessions, clock } = needs
  const { code } = policy
  // The owner's row first, as in every change of his authenticators: it orders them.
  const [, [now], [row], [kept], [open]] = yield* together(
    users.heldUser(tenant.number, user),
    proofs.standingOf(tenant.number, user, code),
    authenticators.authenticator(tenant.number, user, code),
    authenticators.password(tenant.number, user, code),
    recoveries.recovery(tenant.number, user, code),
  )
  if (now === undefined || now.version > tenant.version) return STALE
  const now_ms = clock.now()
  const gone = open?.id !== id || open.usedAt !== null || open.expiresAt <= now_ms
  const reason =
    obstacleTo(policy, now, now_ms, kept?.expiredChanges) ??
    (gone || kept?.version !== passwordVersion ? 'used' : undefined)
  const told = (why?: string) =>
    passwordEvent(needs, tenant, { action: ACTION, user, policy: code, reason: why }, wanted)
  if (reason !== undefined) {
    const step = tries === undefined ? [] : (wanted.alongside?.settle(undefined, tries) ?? [])
    yield* standing(told(reason), step)
    return { outcome: 'rejected', reason }
  }
  if (!ready || !row || !kept) throw new Fault('a code for an authenticator without what belongs to it')
  const step = tries === undefined ? [] : (wanted.alongside?.settle({ user, amr: [], device: undefined }, tries) ?? [])
  const noFailure = proofs.forgiveUser(tenant.number, user, own)
  if ('broken' in ready) {
    yield* standing([noFailure, recoveries.giveBack(tenant.number, id), ...told('password_not_allowed')], step)
    return { outcome: 'broken', rules: ready.broken }
  }
  const lifted = mayLift(policy, now, now_ms) ? [authenticators.forgive(tenant.number, user, code)] : []
  yield* standing(
    [noFailure, ...lifted, sessions.endSessionsOf(tenant.number, user, now_ms), ...told()],
    [
      recoveries.use(tenant.number, id, now_ms),
      ...setting(needs, tenant, { row, policy, kept, now_ms }, ready),
      ...step,
    ],
  )
  return { outcome: 'changed', user }
}

/** Failures of the forgotten password are over with it, but not a block that somebody must lift. */
function mayLift(policy: Policy, { started, forgiven, lastAttemptAt }: Standing, now_ms: number): boolean {
  if (policy.disabledTimeReset_seconds > 0) return true
  const attempts = { started: started ?? 0, forgiven: forgiven ?? 0, last_attempt_at_ms: lastAttemptAt }
  return lockout(policy, attempts, now_ms).open
}
