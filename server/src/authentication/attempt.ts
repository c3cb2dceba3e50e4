/**
 * One attempt: how many failures in a row are allowed now, for the authenticator and, wider, for the user over all
 * factors. The store's reserve statement compares with these numbers, so that 200 parallel guesses meet the same
 * limit as 200 in a row.
 */
import { mayChangeExpired, obstacleOf } from '#authentication/may-authenticate.ts'
import { lockout } from '#domain/lockout.ts'
import type { Policy } from '#domain/policy.ts'
import type { Standing } from '#domain/ports/proof-queries.ts'

/**
 * Over all factors of a user: after each fifty failures in a row everything waits, first a quarter of an hour, then twice as
 * long. Wide enough that locking one factor leaves the others, and it closes nothing for good, or it would be a weapon.
 */
const USER_FAILURES = 50
const USER_PAUSE_MS = 900_000
const LONGEST_PAUSE_MS = 86_400_000

export interface Attempt {
  /** Limits for the reserve statement; 0 reserves nothing. */
  readonly limit: number
  readonly userLimit: number
  /** Why nothing may be tried, for the audit. */
  readonly obstacle: string | undefined
}

export function planAttempt(policy: Policy, standing: Standing | undefined, now_ms: number): Attempt {
  const obstacle = obstacleOf(policy, standing, now_ms)
  // An expired password that may be changed is looked at all the same: only who knows it is told.
  const changeable = obstacle === 'authenticator_expired' && mayChangeExpired(policy)
  if (!standing || (obstacle && !changeable)) return closed(obstacle ?? 'unknown_user')
  const own = lockout(
    policy,
    {
      started: standing.started ?? 0,
      forgiven: standing.forgiven ?? 0,
      last_attempt_at_ms: standing.lastAttemptAt,
    },
    now_ms,
  )
  const wide = userLimit(standing, now_ms)
  return own.open && wide > 0 ? { limit: own.limit, userLimit: wide, obstacle: undefined } : closed('locked')
}

const closed = (obstacle: string): Attempt => ({ limit: 0, userLimit: 0, obstacle })

/** The limit of failures over all factors, also for work that no single authenticator accounts for; 0: nothing now. */
export function userLimit(standing: Standing | undefined, now_ms: number): number {
  if (!standing?.active) return 0
  const failures = (standing.failures ?? 0) + (standing.synchronisingFailures ?? 0)
  const level = Math.floor(failures / USER_FAILURES)
  const limit = (level + 1) * USER_FAILURES
  if (level === 0 || failures % USER_FAILURES !== 0) return limit
  const last_ms = Math.max(standing.userLastAttemptAt ?? 0, standing.synchronisedAt ?? 0)
  const pause_ms = Math.min(USER_PAUSE_MS * 2 ** Math.min(level - 1, 10), LONGEST_PAUSE_MS)
  return now_ms - last_ms >= pause_ms ? limit : 0
}
