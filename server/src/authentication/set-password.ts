/**
 * What changing and recovering a password share: the facts a new password is judged by, read before the slow hashes run, and the queries
 * that put it in place. A new password starts its validity afresh and ends the user's sessions; it opens none.
 */
import type { RecoveryNeeds } from '#authentication/recovery-needs.ts'
import { LostRace } from '#domain/deciding-unit.ts'
import type { AuditEvent } from '#domain/event.ts'
import type { UserId } from '#domain/ids.ts'
import { judgeNewPassword, type ReadyPassword, wordsOf } from '#domain/new-password.ts'
import type { PasswordRule } from '#domain/password-rule.ts'
import type { Policy } from '#domain/policy.ts'
import type { AuthenticatorRow, PasswordRow } from '#domain/ports/authenticator-queries.ts'
import type { HashPlace } from '#domain/ports/hasher.ts'
import { type Query, together, type Unit } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { passwordExpiresAt_ms } from '#factors/password/expiry.ts'

export type Judged = ReadyPassword | { readonly broken: readonly PasswordRule[] }

interface Wanted {
  readonly user: UserId
  readonly policy: Policy
  readonly password: string
}

/** Undefined when the user is gone meanwhile. */
export async function judged(
  { store, users, authenticators }: RecoveryNeeds,
  tenant: Tenant,
  place: HashPlace,
  { user, policy, password }: Wanted,
): Promise<Judged | undefined> {
  const rules = policy.password
  if (!rules) throw new Fault(`${policy.code} holds no password`)
  const [[person], attributes, [kept]] = await store.read(tenant.number, () =>
    together(
      users.users(tenant.number, [user]),
      users.attributesOf(tenant.number, [user]),
      authenticators.password(tenant.number, user, policy.code),
    ),
  )
  if (!person) return undefined
  const words = wordsOf(
    person,
    attributes.map(({ value }) => value),
  )
  return judgeNewPassword(place, { rules, kept, words }, password)
}

export interface Place {
  readonly row: AuthenticatorRow
  readonly policy: Policy
  readonly kept: PasswordRow
  readonly now_ms: number
}

/** Each answers a row, or somebody else changed the password or the authenticator meanwhile. */
export function setting(
  { authenticators }: RecoveryNeeds,
  tenant: Tenant,
  { row, policy, kept, now_ms }: Place,
  ready: ReadyPassword,
): readonly Query<object>[] {
  const expired = row.expiryAt !== null && now_ms >= row.expiryAt
  const { user, status, startAt: startAt_ms, createdAt: createdAt_ms, version } = row
  const expiryAt_ms = passwordExpiresAt_ms(policy.validDaysEdit, Math.max(startAt_ms, now_ms)) ?? null
  return [
    authenticators.setPassword(
      tenant.number,
      user,
      policy.code,
      { ...ready, changedAt_ms: now_ms, expiredChanges: kept.expiredChanges + (expired ? 1 : 0) },
      ready.version,
    ),
    authenticators.replaceAuthenticator(
      tenant.number,
      { user, policy: policy.code, status, startAt_ms, expiryAt_ms, createdAt_ms, version },
      version,
    ),
  ]
}

/** Writes both; nothing stands where one of `must` answers no row. */
export function* standing(queries: readonly Query[], must: readonly Query<object>[]): Unit<void> {
  const answers = yield [...must, ...queries]
  if (answers.slice(0, must.length).some(rows => rows.length === 0)) {
    throw new LostRace('the password or the login was changed by somebody else meanwhile')
  }
}

export interface Told {
  readonly action: 'changeUserPassword' | 'requestPasswordReset' | 'resetUserPassword'
  readonly user: UserId
  readonly policy: string
  readonly reason?: string | undefined
}

/** In whose name it was asked, and how. */
export interface Asking {
  readonly channel: string
  readonly actor: AuditEvent['actor']
  readonly correlation: string
}

export function passwordEvent(
  { recorder }: Pick<RecoveryNeeds, 'recorder'>,
  tenant: Tenant,
  { action, user, policy, reason }: Told,
  { channel, actor, correlation }: Asking,
): readonly Query[] {
  return recorder.record(tenant.number, {
    action,
    result: reason === undefined ? 'SUCCESS' : 'FAILURE',
    ...(reason === undefined ? {} : { reason }),
    actor,
    ...(user > 0 ? { user } : {}),
    parameters: { ATC: policy, CHC: channel, COI: correlation },
  }).queries
}
