/**
 * Slows down failures without ever locking: per subject (a client and a source, say), the first twenty cost nothing,
 * then each further one doubles a pause, from one second to a minute. A pause refuses before anything is read.
 * Bounded: the subject that failed longest ago is forgotten first.
 */
import type { Clock } from '#domain/ports/clock.ts'
import { Refusal } from '#domain/refusal.ts'

const FREE_FAILURES = 20
const LONGEST_PAUSE_MS = 60_000
const FORGOTTEN_AFTER_MS = 15 * 60_000
const MOST_SUBJECTS = 50_000

interface Failures {
  readonly count: number
  readonly at: number
}

export class Throttle {
  readonly #clock: Clock
  readonly #failures = new Map<string, Failures>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Refuses while the subject's pause lasts. */
  admit(subject: string): void {
    const known = this.#failures.get(subject)
    if (!known) return
    const now = this.#clock.now()
    if (now - known.at > FORGOTTEN_AFTER_MS) {
      this.#failures.delete(subject)
      return
    }
    const rest = known.at + pause_ms(known.count) - now
    if (rest > 0) throw new Refusal('too_many_requests', undefined, { retryAfter_seconds: Math.ceil(rest / 1000) })
  }

  failed(subject: string): void {
    const known = this.#failures.get(subject)
    this.#failures.delete(subject)
    this.#failures.set(subject, { count: (known?.count ?? 0) + 1, at: this.#clock.now() })
    if (this.#failures.size > MOST_SUBJECTS) {
      const [oldest] = this.#failures.keys()
      if (oldest !== undefined) this.#failures.delete(oldest)
    }
  }
}

function pause_ms(count: number): number {
  if (count <= FREE_FAILURES) return 0
  return Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** Math.min(16, count - FREE_FAILURES - 1))
}
