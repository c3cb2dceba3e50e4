/**
 * What was loaded for each tenant, for a while: concurrent callers share one load, a failed load is not kept, an entry is
 * loaded again after `life_ms`, and the number of entries is bounded (`recent.ts`).
 */
import type { Clock } from '#domain/ports/clock.ts'
import { Recent } from '#keys/recent.ts'

interface Entry<V> {
  readonly value: Promise<V>
  readonly until: number
}

export interface ShelfLimits {
  readonly capacity: number
  readonly life_ms: number
}

export class Shelf<V> {
  readonly #entries: Recent<number, Entry<V>>
  readonly #clock: Clock
  readonly #life_ms: number

  constructor(clock: Clock, { capacity, life_ms }: ShelfLimits) {
    this.#entries = new Recent(capacity)
    this.#clock = clock
    this.#life_ms = life_ms
  }

  load(key: number, loading: () => Promise<V>): Promise<V> {
    const now = this.#clock.now()
    const entry = this.#entries.find(key)
    if (entry && entry.until > now) return entry.value
    const value = loading()
    const fresh = { value, until: now + this.#life_ms }
    this.#entries.keep(key, fresh)
    value.catch(() => {
      if (this.#entries.find(key) === fresh) this.#entries.forget(key)
    })
    return value
  }

  forget(key: number): void {
    this.#entries.forget(key)
  }
}
