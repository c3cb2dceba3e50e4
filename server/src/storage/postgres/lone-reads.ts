/**
 * Reads of one statement: each is its own snapshot and needs no transaction around it. Those of one turn of the event loop travel together
 * on one connection, so that one write to the socket and one process of the server serve many; how each ends is its own.
 */
import pg, { type PoolClient } from 'pg'
import type { Query } from '#domain/ports/store.ts'
import { failureBeforeCommit, isRerun, isStale } from '#storage/postgres/failure.ts'
import { flush, type Rendering } from '#storage/postgres/flush.ts'
import { COMPOSED } from '#storage/sql.ts'

/** So that a slow one keeps few others waiting, and many use several processes of the server. */
const TOGETHER = 16
/** Reads, and locks nothing (see `flush.ts`). */
const PLAIN = /^\s*select\b(?!.*\/\* for )/is

interface Waiting {
  readonly query: Query
  readonly resolve: (rows: readonly unknown[]) => void
  readonly reject: (error: unknown) => void
}

export class LoneReads {
  readonly #connect: () => Promise<PoolClient>
  readonly #rendering: Rendering
  readonly #isPlain = new Map<string, boolean>()
  #waiting: Waiting[] = []

  constructor(connect: () => Promise<PoolClient>, rendering: Rendering) {
    this.#connect = connect
    this.#rendering = rendering
  }

  /** Whether a query may go this way: one that only reads. What is composed of a filter may be slow, and goes alone. */
  takes({ name, text }: Query): boolean {
    if (name.startsWith(COMPOSED)) return false
    let plain = this.#isPlain.get(name)
    if (plain === undefined) {
      plain = PLAIN.test(text)
      this.#isPlain.set(name, plain)
    }
    return plain
  }

  ask(query: Query): Promise<readonly unknown[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ query, resolve, reject })
      if (this.#waiting.length === 1) setImmediate(() => this.#send())
    })
  }

  #send(): void {
    const reads = this.#waiting
    this.#waiting = []
    for (let at = 0; at < reads.length; at += TOGETHER) void this.#sendGroup(reads.slice(at, at + TOGETHER))
  }

  async #sendGroup(reads: readonly Waiting[]): Promise<void> {
    let client: PoolClient
    try {
      client = await this.#connect()
    } catch (error) {
      for (const { reject } of reads) reject(error)
      return
    }
    const { stream } = client.connection
    stream.cork()
    const ends = reads.map(read => this.#sendOne(client, read))
    stream.uncork()
    // A connection that did not answer as a server does, or whose statements are no longer known, is not used again.
    client.release((await Promise.all(ends)).includes('unusable'))
  }

  async #sendOne(client: PoolClient, { query, resolve, reject }: Waiting): Promise<'usable' | 'unusable'> {
    const { rows, failure } = await flush(client, [this.#rendering.render(client, query)])
    if (failure === undefined) {
      resolve(rows[0] ?? [])
      return 'usable'
    }
    const { error } = failure
    reject(isRerun(error) ? error : failureBeforeCommit(error, [query]))
    return error instanceof pg.DatabaseError && !isStale(error) ? 'usable' : 'unusable'
  }
}
