/**
 * Destinations that failed five times in a row rest for half a minute; what is for them is put back unsent. After that one more
 * failure makes them rest again, one success forgets it all. Each node learns by itself; of the destinations the latest 10,000 are known.
 */
interface Circuit {
  failures: number
  restUntil: number
}

const MOST_FAILURES = 5
const REST_MS = 30_000
const MOST_KNOWN = 10_000

export class Circuits {
  readonly #known = new Map<string, Circuit>()

  /** 0 when it does not rest. */
  restUntil(destination: string, now_ms: number): number {
    const circuit = this.#known.get(destination)
    return circuit && circuit.restUntil > now_ms ? circuit.restUntil : 0
  }

  note(destination: string, failed: boolean, now_ms: number): void {
    const failures = failed ? (this.#known.get(destination)?.failures ?? 0) + 1 : 0
    this.#known.delete(destination)
    if (failures === 0) return
    this.#known.set(destination, { failures, restUntil: failures < MOST_FAILURES ? 0 : now_ms + REST_MS })
    if (this.#known.size <= MOST_KNOWN) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}
