/**
 * When a password stops being valid, from the policy's days (-1 for never) and the moment it was set. A day is 24 hours;
 * calendars and time zones play no part.
 */
const DAY_MS = 24 * 3600 * 1000

export function passwordExpiresAt_ms(validDays: number, changedAt_ms: number): number | undefined {
  return validDays < 0 ? undefined : changedAt_ms + validDays * DAY_MS
}
