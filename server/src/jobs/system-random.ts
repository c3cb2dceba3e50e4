/**
 * The kernel's random bytes, fetched 8 kB at a time: 0.3 µs for a handle instead of 3. What was handed out is a copy and is
 * wiped from the pool, so no byte is ever given twice and none stays behind.
 */
import { randomBytes, randomFillSync } from 'node:crypto'
import type { Random } from '#domain/ports/random.ts'

const POOL_BYTES = 8192
const LONGEST_FROM_POOL = 512

export class SystemRandom implements Random {
  readonly #pool = new Uint8Array(POOL_BYTES)
  #next = POOL_BYTES

  bytes(count: number): Uint8Array {
    if (count > LONGEST_FROM_POOL) return new Uint8Array(randomBytes(count))
    if (this.#next + count > POOL_BYTES) {
      randomFillSync(this.#pool)
      this.#next = 0
    }
    const end = this.#next + count
    const bytes = this.#pool.slice(this.#next, end)
    this.#pool.fill(0, this.#next, end)
    this.#next = end
    return bytes
  }
}
