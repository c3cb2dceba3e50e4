/**
 * Whether one more proof may be tried, as a pure rule over two rising numbers (security.md O3, O6).
 *
 * started − forgiven are the failures in a row, attempts under way included. At every multiple of the policy's threshold
 * it closes for a time that doubles (R, 2R, 4R … 24 h); at 100 only a reset or another factor opens it again. The answer
 * is a limit, because the attempt is taken by `started - forgiven < limit` in the store: that statement, not this
 * function, is what parallel guesses meet.
 */
export interface LockoutRule {
  /** Failures in a row that close it; below 1 means none but the hard cap. */
  readonly disableThreshold: number
  /** The first time of being closed; 0 means until somebody resets it. */
  readonly disabledTimeReset_seconds: number
}

export interface Attempts {
  readonly started: number
  readonly forgiven: number
  readonly last_attempt_at_ms: number | null
}

/** Without `until_ms` no time opens it. */
export type Lockout =
  | { readonly open: true; readonly limit: number }
  | { readonly open: false; readonly until_ms?: number }

export const HARD_CAP = 100
const LONGEST_SECONDS = 24 * 3600

export function lockout(rule: LockoutRule, attempts: Attempts, now_ms: number): Lockout {
  const failures = attempts.started - attempts.forgiven
  if (failures >= HARD_CAP) return { open: false }
  const threshold = Math.floor(rule.disableThreshold)
  if (!(threshold >= 1)) return { open: true, limit: HARD_CAP }

  const level = Math.floor(failures / threshold)
  const open: Lockout = { open: true, limit: Math.min((level + 1) * threshold, HARD_CAP) }
  if (level === 0 || failures % threshold !== 0) return open
  if (rule.disabledTimeReset_seconds <= 0 || attempts.last_attempt_at_ms === null) return { open: false }
  // With a threshold of 1 the level reaches 99: the power is a large but finite number, and the cap takes over.
  const closed_seconds = Math.min(rule.disabledTimeReset_seconds * 2 ** (level - 1), LONGEST_SECONDS)
  const until_ms = attempts.last_attempt_at_ms + closed_seconds * 1000
  return now_ms >= until_ms ? open : { open: false, until_ms }
}
