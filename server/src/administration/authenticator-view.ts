/**
 * An authenticator as a door shows it: its row and its counts, and what follows from both: whether failed attempts have
 * closed it now, and whether its uses are spent. Dates are left to whoever shows them.
 */
import type { Authenticator, AuthenticatorState } from '#domain/authenticator.ts'
import type { Configuration } from '#domain/configuration.ts'
import { lockout } from '#domain/lockout.ts'
import type { AuthenticatorRow } from '#domain/ports/authenticator-queries.ts'

export interface AuthenticatorView extends Authenticator, AuthenticatorState {
  readonly ownerExternalId: string
  readonly lastSuccessDeviceExternalId: string | null
  /** Successful uses it is good for; -1 no limit. */
  readonly maximumUses: number
  /** Too many failures in a row: nothing may be tried now. */
  readonly closed: boolean
  readonly usedUp: boolean
}

export function viewOf(row: AuthenticatorRow, configuration: Configuration, now_ms: number): AuthenticatorView {
  const { startAt, expiryAt, createdAt, lastAttemptAt, lastSuccessAt, lastFailureAt, ...same } = row
  const policy = configuration.findPolicy(row.policy)
  const attempts = { started: row.started, forgiven: row.forgiven, last_attempt_at_ms: lastAttemptAt }
  const maximumUses = policy?.defaultExpiryThreshold ?? -1
  return {
    ...same,
    startAt_ms: startAt,
    expiryAt_ms: expiryAt,
    createdAt_ms: createdAt,
    lastAttemptAt_ms: lastAttemptAt,
    lastSuccessAt_ms: lastSuccessAt,
    lastFailureAt_ms: lastFailureAt,
    maximumUses,
    closed: policy !== undefined && !lockout(policy, attempts, now_ms).open,
    usedUp: maximumUses >= 0 && row.totalSuccess >= maximumUses,
  }
}

export const authenticatorOf = (row: AuthenticatorRow): Authenticator => ({
  user: row.user,
  policy: row.policy,
  status: row.status,
  startAt_ms: row.startAt,
  expiryAt_ms: row.expiryAt,
  createdAt_ms: row.createdAt,
  version: row.version,
})
