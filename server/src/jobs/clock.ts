/**
 * The system's clock, which never goes back: it keeps the latest time it told, and a floor that the store persisted. When the
 * machine's clock is set back, time stands still until it has caught up; `behind_ms` lets readiness and `doctor` say so.
 */
import type { Clock } from '#domain/ports/clock.ts'

export class SystemClock implements Clock {
  readonly #machine: () => number
  #latest: number

  constructor(floor_ms = 0, machine: () => number = Date.now) {
    this.#latest = floor_ms
    this.#machine = machine
  }

  now(): number {
    const now = this.#machine()
    if (now > this.#latest) this.#latest = now
    return this.#latest
  }

  /** A floor that was learned later; a lower one changes nothing. */
  raise(floor_ms: number): void {
    if (floor_ms > this.#latest) this.#latest = floor_ms
  }

  /** How far the machine's clock is behind what `now` tells; 0 in a sane world. */
  behind_ms(): number {
    return Math.max(0, this.#latest - this.#machine())
  }
}
