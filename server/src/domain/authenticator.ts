/**
 * A user's enrolment under a policy, one per (user, policy). `status` is what an administrator set; whether it can be
 * used now also depends on dates and lockout, see `may-authenticate`.
 */
import type { DeviceId, UserId } from '#domain/ids.ts'

export interface Authenticator {
  readonly user: UserId
  readonly policy: string
  readonly status: 'ENABLED' | 'DISABLED'
  readonly startAt_ms: number
  readonly expiryAt_ms: number | null
  readonly createdAt_ms: number
  readonly version: number
}

/** Attempts and statistics: `started` and `forgiven` only rise, their difference is the failures in a row. */
export interface AuthenticatorState {
  readonly started: number
  readonly forgiven: number
  readonly lastAttemptAt_ms: number | null
  readonly consecutiveSuccess: number
  readonly totalFailed: number
  readonly totalSuccess: number
  readonly challengeCount: number
  readonly lastSuccessAt_ms: number | null
  readonly lastFailureAt_ms: number | null
  readonly lastSuccessChannel: string | null
  readonly lastFailureChannel: string | null
  readonly lastSuccessDevice: DeviceId | null
}
