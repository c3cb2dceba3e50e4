/**
 * Which of several keys makes new things: the oldest that is not retired yet. A rotation writes the successor at once and
 * retires the predecessor LEAD_MS later; every node looks again after RELOAD_MS, so each knows a key before any node uses it.
 */
export const LEAD_MS = 60_000
export const RELOAD_MS = 30_000

export interface Retirable {
  readonly retiredAt: number | null
}

/** `keys` from the newest to the oldest. */
export function currentKey<K extends Retirable>(keys: readonly K[], now: number): K | undefined {
  return keys.findLast(key => key.retiredAt === null || key.retiredAt > now) ?? keys[0]
}
