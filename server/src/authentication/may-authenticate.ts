/**
 * May this user, by this authenticator, with this key, prove anything now? Asked when a proof is verified and when a
 * token is used; one answer for every door. Pure.
 */
import type { Policy } from '#domain/policy.ts'
import type { Candidate, Standing } from '#domain/ports/proof-queries.ts'

export type Obstacle =
  | 'unknown_user'
  | 'user_disabled'
  | 'no_authenticator'
  | 'authenticator_disabled'
  | 'authenticator_not_yet_valid'
  | 'authenticator_expired'
  | 'uses_exhausted'

/** What keeps this user from using this authenticator at all, apart from failed attempts. */
export function obstacleOf(policy: Policy, standing: Standing | undefined, now_ms: number): Obstacle | undefined {
  if (!standing || standing.user === null) return 'unknown_user'
  if (!standing.active) return 'user_disabled'
  if (standing.status === null || standing.startAt === null) return 'no_authenticator'
  if (standing.status !== 'ENABLED') return 'authenticator_disabled'
  if (now_ms < standing.startAt) return 'authenticator_not_yet_valid'
  if (policy.defaultExpiryThreshold >= 0 && (standing.totalSuccess ?? 0) >= policy.defaultExpiryThreshold) {
    return 'uses_exhausted'
  }
  // Last: whoever is told that a password has expired is kept back by nothing else.
  if (standing.expiryAt !== null && now_ms >= standing.expiryAt) return 'authenticator_expired'
  return undefined
}

/** Whether an expired password may still be changed by its owner, who did so `expiredChanges` times since it was set by somebody else. */
export function mayChangeExpired({ factor, allowExpiredReset }: Policy, expiredChanges = 0): boolean {
  return factor === 'password' && (allowExpiredReset < 0 || expiredChanges < allowExpiredReset)
}

/** Device and credential have their own status and dates; both must hold. */
export function usable(candidate: Candidate, now_ms: number): boolean {
  return (
    candidate.deviceStatus === 'ACTIVE' &&
    candidate.credentialStatus === 'ACTIVE' &&
    within(candidate.deviceStartAt, candidate.deviceExpiryAt, now_ms) &&
    within(candidate.credentialStartAt, candidate.credentialExpiryAt, now_ms)
  )
}

const within = (start: number, expiry: number | null, now: number) => now >= start && (expiry === null || now < expiry)
