/**
 * Status and dates of what lasts for a time: a device, a key in it, an authenticator. SCIM shows dates in whole seconds, so one
 * that comes back as it was shown is no news: who sends back what he read changes nothing.
 */
export interface Lasting {
  readonly status: string
  readonly startAt_ms: number
  readonly expiryAt_ms: number | null
}

export const isSameLasting = (one: Lasting, other: Lasting) =>
  one.status === other.status && one.startAt_ms === other.startAt_ms && one.expiryAt_ms === other.expiryAt_ms

/** The date to be stored: the one there is, unless another was said. */
export function changedDate<Stored extends number | null>(stored: Stored, said: number | undefined): Stored | number {
  if (said === undefined) return stored
  return stored !== null && said === Math.floor(stored / 1000) * 1000 ? stored : said
}
