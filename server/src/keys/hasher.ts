/**
 * The bounded pool behind slow hashes: at most `inFlight` at once, at most `waiting` behind them, then `temporarily_unavailable`
 * before anything was reserved. An unknown user's proof is checked against a dummy of the same cost (E1).
 * argon2id by default; scrypt where its module is missing; a kept hash is read by the algorithm it names.
 */
import { availableParallelism } from 'node:os'
import type { Hasher, HashPlace } from '#domain/ports/hasher.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import { findArgon2id, type SlowHash, scryptHash } from '#keys/slow-hash.ts'

export interface HashLimits {
  readonly inFlight?: number
  readonly waiting?: number
}

const DEFAULT_WAITING = 64
/** UTF-16 units. No policy allows longer ones, and hashing a megabyte is work for nothing. */
const LONGEST_SECRET = 1024

/** argon2id if its module can be loaded, and scrypt always. */
export async function openHasher(limits: HashLimits = {}): Promise<HashPool> {
  const argon2id = await findArgon2id()
  return new HashPool(argon2id ? [argon2id, scryptHash] : [scryptHash], limits)
}

export class HashPool implements Hasher {
  /** Slow hashes computed so far, dummies included; tests compare it (E1). */
  calls = 0
  readonly #algorithms: readonly SlowHash[]
  readonly #writer: SlowHash
  readonly #dummy: string
  readonly #inFlight: number
  readonly #places: number
  readonly #queue: (() => void)[] = []
  #taken = 0
  #running = 0

  /** The first algorithm writes; all read. */
  constructor(algorithms: readonly SlowHash[], limits: HashLimits = {}) {
    const [writer] = algorithms
    if (!writer) throw new Fault('a hasher needs an algorithm')
    this.#algorithms = algorithms
    this.#writer = writer
    this.#dummy = writer.dummy()
    this.#inFlight = Math.max(1, limits.inFlight ?? Math.min(availableParallelism(), poolThreads()) - 1)
    this.#places = this.#inFlight + (limits.waiting ?? DEFAULT_WAITING)
  }

  /** Places given and not yet left. */
  get taken(): number {
    return this.#taken
  }

  /** The algorithm that new hashes use. */
  get algorithm(): string {
    return this.#writer.name
  }

  /** Whether a kept hash should be written anew at the next log-on. */
  isStale(hash: string): boolean {
    return !this.#writer.current(hash)
  }

  admit(): HashPlace {
    if (this.#taken >= this.#places) {
      throw new Refusal('temporarily_unavailable', undefined, { reason: 'hash queue full', retryAfter_seconds: 1 })
    }
    this.#taken += 1
    let left = false
    return {
      hash: secret => this.#hash(secret),
      verify: (hash, secret) => this.#verify(hash, secret),
      leave: () => {
        if (!left) this.#taken -= 1
        left = true
      },
    }
  }

  #hash(secret: string): Promise<string> {
    if (secret.length > LONGEST_SECRET) throw new Refusal('too_long')
    return this.#inTurn(() => this.#writer.hash(secret))
  }

  async #verify(hash: string | undefined, secret: string): Promise<boolean> {
    const known = hash !== undefined && secret.length <= LONGEST_SECRET
    const kept = known ? hash : this.#dummy
    const algorithm = this.#algorithms.find(({ name }) => kept.startsWith(`$${name}$`))
    if (!algorithm) throw new Fault('a kept hash is of an algorithm that cannot be computed here')
    const fits = await this.#inTurn(() => algorithm.verify(kept, known ? secret : secret.slice(0, LONGEST_SECRET)))
    return fits && known
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#inFlight) await new Promise<void>(resolve => this.#queue.push(resolve))
    else this.#running += 1
    this.calls += 1
    try {
      return await work()
    } finally {
      const next = this.#queue.shift()
      if (next) next()
      else this.#running -= 1
    }
  }
}

/** Threads of the pool that hashes share with signatures and with the sync of SQLite's log, for which one stays free. */
function poolThreads(): number {
  return Number(process.env.UV_THREADPOOL_SIZE) || 4
}
