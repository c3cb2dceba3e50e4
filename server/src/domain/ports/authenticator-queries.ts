/**
 * Authenticators: the row that an administrator changes, the narrow row of attempts beside it, and for password policies
 * the hash. All three live and die together.
 */
import type { Authenticator, AuthenticatorState } from '#domain/authenticator.ts'
import type { TenantNumber, UserId } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface AuthenticatorRow {
  readonly user: UserId
  readonly policy: string
  readonly status: Authenticator['status']
  readonly startAt: number
  readonly expiryAt: number | null
  readonly createdAt: number
  readonly version: number
  readonly ownerExternalId: string
  readonly started: number
  readonly forgiven: number
  readonly lastAttemptAt: number | null
  readonly consecutiveSuccess: number
  readonly totalFailed: number
  readonly totalSuccess: number
  readonly challengeCount: number
  readonly lastSuccessAt: number | null
  readonly lastFailureAt: number | null
  readonly lastSuccessChannel: string | null
  readonly lastFailureChannel: string | null
  readonly lastSuccessDevice: AuthenticatorState['lastSuccessDevice']
  readonly lastSuccessDeviceExternalId: string | null
}

export interface PasswordRow {
  readonly hash: string
  /** JSON: hashes of former passwords, newest first. */
  readonly history: string
  readonly version: number
  /** How often its owner changed it when it had expired, since somebody else set it. */
  readonly expiredChanges: number
}

export interface NewPassword {
  readonly hash: string
  readonly history: readonly string[]
  readonly changedAt_ms: number
  readonly expiredChanges: number
}

export interface AuthenticatorQueries {
  authenticator(tenant: TenantNumber, user: UserId, policy: string): Query<AuthenticatorRow>
  /** All of at most 100 users, by user and policy. */
  authenticatorsOf(tenant: TenantNumber, users: readonly UserId[]): Query<AuthenticatorRow>
  /** No row when the user has one under this policy already. */
  addAuthenticator(tenant: TenantNumber, one: Authenticator): Query<{ readonly user: UserId }>
  addState(tenant: TenantNumber, user: UserId, policy: string): Query
  /** Writes status and dates over the row that has `version`; no row when it has another one by now. */
  replaceAuthenticator(tenant: TenantNumber, one: Authenticator, version: number): Query<{ readonly version: number }>
  /** Forgives all failures so far and the open challenges' count. */
  forgive(tenant: TenantNumber, user: UserId, policy: string): Query
  /** The same for the user's budget over all factors. */
  forgiveUser(tenant: TenantNumber, user: UserId): Query
  /** Of a policy whose authenticators are good for so many successes. */
  startUses(tenant: TenantNumber, user: UserId, policy: string): Query
  password(tenant: TenantNumber, user: UserId, policy: string): Query<PasswordRow>
  /** No row when the password changed since `version` was read; 0 for one that was never set. */
  setPassword(
    tenant: TenantNumber,
    user: UserId,
    policy: string,
    password: NewPassword,
    version: number,
  ): Query<{ readonly version: number }>
  /** The row of that version, its attempts, its password and its open challenges. */
  removeAuthenticator(
    tenant: TenantNumber,
    user: UserId,
    policy: string,
    version: number,
  ): readonly [Query<{ readonly user: UserId }>, ...Query[]]
  /** With all that belongs to them; the first query answers a row for each. */
  removeAuthenticatorsOf(tenant: TenantNumber, user: UserId): readonly [Query<{ readonly policy: string }>, ...Query[]]
}
