/** When a row is tried again: after 1 s, 2, 4 … 60, up to a quarter later, and not before the other side asked for it. */
import type { Outcome } from '#delivery/outcome.ts'
import type { Random } from '#domain/ports/random.ts'

const FIRST_MS = 1000
const LONGEST_MS = 60_000

export function nextAttemptAt(attempt: number, { retryAfter_ms = 0 }: Outcome, now_ms: number, random: Random): number {
  const delay_ms = Math.min(FIRST_MS * 2 ** Math.min(attempt - 1, 16), LONGEST_MS)
  const jitter_ms = Math.floor((delay_ms / 4) * ((random.bytes(1)[0] ?? 0) / 256))
  return now_ms + Math.max(delay_ms + jitter_ms, retryAfter_ms)
}
