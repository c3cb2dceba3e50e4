/** A map with a bound: the oldest goes when it is full. The bank remembers as long as it runs and no longer. */
export class Shelf<T> {
  readonly #kept = new Map<string, T>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  find(id: string): T | undefined {
    return this.#kept.get(id)
  }

  keep(id: string, one: T): void {
    this.#kept.set(id, one)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > this.#most && oldest !== undefined) this.#kept.delete(oldest)
  }

  /** What is taken is gone. */
  take(id: string): T | undefined {
    const found = this.#kept.get(id)
    this.#kept.delete(id)
    return found
  }

  /** Newest first. */
  all(): readonly T[] {
    return [...this.#kept.values()].reverse()
  }
}
