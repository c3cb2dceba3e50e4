/**
 * One attempt: how many failures in a row are allowed now, for the authenticator and, wider, for the user over all
 * factors. The store's reserve statement compares with these numbers, so that 200 parallel guesses meet the same
 * limit as 200 in a row.
 */
import { obstacleOf } from '#authentication/may-authenticate.ts'
import { lockout } from '#domain/lockout.ts'
import type { Policy } from '#domain/policy.ts'
import type { Standing } from '#domain/ports/proof-queries.ts'

/** Over all factors of a user: wide enough that no single policy's threshold is met first. */
const USER_RULE = { disableThreshold: 50, disabledTimeReset_seconds: 900 }

export interface Attempt {
  /** Limits for the reserve statements; 0 reserves nothing. */
  readonly limit: number
  readonly userLimit: number
  /** Why nothing may be tried, for the audit. */
  readonly obstacle: string | undefined
}

export function planAttempt(policy: Policy, standing: Standing | undefined, now_ms: number): Attempt {
  const obstacle = obstacleOf(policy, standing, now_ms)
  if (obstacle || !standing) return { limit: 0, userLimit: 0, obstacle: obstacle ?? 'unknown_user' }
  const own = counts(standing.started, standing.forgiven, standing.lastAttemptAt)
  const wide = counts(standing.userStarted, standing.userForgiven, standing.userLastAttemptAt)
  const ownLock = lockout(policy, own, now_ms)
  const wideLock = lockout(USER_RULE, wide, now_ms)
  if (!ownLock.open || !wideLock.open) return { limit: 0, userLimit: 0, obstacle: 'locked' }
  return {
    limit: ownLock.limit,
    userLimit: wideLock.limit,
    obstacle: undefined,
  }
}

/** The limit of the user's own budget, for work that no single authenticator accounts for; 0 when nothing may be tried. */
export function userLimit(standing: Standing | undefined, now_ms: number): number {
  if (!standing?.active) return 0
  const wide = lockout(
    USER_RULE,
    counts(standing.userStarted, standing.userForgiven, standing.userLastAttemptAt),
    now_ms,
  )
  return wide.open ? wide.limit : 0
}

const counts = (started: number | null, forgiven: number | null, last: number | null) => ({
  started: started ?? 0,
  forgiven: forgiven ?? 0,
  last_attempt_at_ms: last,
})
