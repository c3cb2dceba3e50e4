/**
 * How fast a client may ask about one request (CIBA Core section 11: `slow_down` adds five seconds to the interval, for good). Kept in
 * memory, bounded: each node paces what it sees.
 */
const FIRST_INTERVAL_MS = 5000
const STEP_MS = 5000
/** What clocks and networks may shift. */
const GRACE_MS = 250
const MOST = 50_000

export class PollPace {
  readonly #seen = new Map<number | string, { readonly at: number; readonly interval_ms: number }>()

  /** False when it was too fast. */
  asked(request: number | string, now: number): boolean {
    const known = this.#seen.get(request)
    const fast = known !== undefined && now - known.at < known.interval_ms - GRACE_MS
    const interval_ms = (known?.interval_ms ?? FIRST_INTERVAL_MS) + (fast ? STEP_MS : 0)
    this.#seen.delete(request)
    this.#seen.set(request, { at: now, interval_ms })
    if (this.#seen.size > MOST) {
      const [oldest] = this.#seen.keys()
      if (oldest !== undefined) this.#seen.delete(oldest)
    }
    return !fast
  }
}
