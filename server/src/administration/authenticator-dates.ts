/**
 * From when and until when an authenticator can be used: what was asked for, else what its policy says (days, -1 for never).
 * A day is 24 hours; calendars and time zones play no part.
 */
import { changedDate } from '#administration/lasting.ts'
import type { Authenticator } from '#domain/authenticator.ts'
import { Refusal } from '#domain/refusal.ts'

const DAY_MS = 24 * 3600 * 1000

export interface Wanted {
  readonly status?: Authenticator['status']
  readonly startAt_ms?: number
  readonly expiryAt_ms?: number
}

type Dates = Pick<Authenticator, 'startAt_ms' | 'expiryAt_ms'>

export function newDates(wanted: Wanted, validDays: number, now_ms: number): Dates | Refusal {
  const startAt_ms = wanted.startAt_ms ?? now_ms
  return inOrder({ startAt_ms, expiryAt_ms: wanted.expiryAt_ms ?? end(Math.max(startAt_ms, now_ms), validDays) })
}

/** `renewedFor`: days that a new secret starts afresh with; undefined when the secret stays. */
export function changedDates(
  before: Dates,
  wanted: Wanted,
  renewedFor: number | undefined,
  now_ms: number,
): Dates | Refusal {
  const startAt_ms = changedDate(before.startAt_ms, wanted.startAt_ms)
  const kept = renewedFor === undefined ? before.expiryAt_ms : end(Math.max(startAt_ms, now_ms), renewedFor)
  const expiryAt_ms = wanted.expiryAt_ms === undefined ? kept : changedDate(before.expiryAt_ms, wanted.expiryAt_ms)
  return inOrder({ startAt_ms, expiryAt_ms })
}

const end = (from_ms: number, days: number) => (days < 0 ? null : from_ms + days * DAY_MS)

function inOrder(dates: Dates): Dates | Refusal {
  if (dates.expiryAt_ms !== null && dates.startAt_ms >= dates.expiryAt_ms) return new Refusal('dates_in_wrong_order')
  return dates
}
