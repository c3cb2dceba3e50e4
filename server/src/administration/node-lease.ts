/**
 * Which of the 32 node numbers this process has. Ids of happenings carry it, so two processes must never share one: the
 * row is leased, renewed long before it ends, and a process that lost its lease must stop.
 */
import type { Clock } from '#domain/ports/clock.ts'
import { first, type Store, WHOLE_STORE } from '#domain/ports/store.ts'
import type { StoreQueries } from '#domain/ports/store-queries.ts'
import { Fault } from '#domain/refusal.ts'

interface Needs {
  readonly store: Store
  readonly rows: StoreQueries
  readonly clock: Clock
}

const LEASE_MS = 60_000
const NODES = 32

export class NodeLease {
  readonly node: number
  readonly #needs: Needs
  readonly #holder: string

  private constructor(node: number, holder: string, needs: Needs) {
    this.node = node
    this.#holder = holder
    this.#needs = needs
  }

  /** `alone`: the home's lease already keeps every other process away, so what a crashed one left is taken over. */
  static async take(needs: Needs, holder: string, alone: boolean): Promise<NodeLease> {
    const { store, rows, clock } = needs
    const node = await store.write(WHOLE_STORE, function* () {
      for (let candidate = 0; candidate < NODES; candidate++) {
        const startedAt = clock.now()
        const row = { node: candidate, holder, startedAt, until: startedAt + LEASE_MS }
        const taken = yield* first(rows.leaseNode(row, alone ? Number.MAX_SAFE_INTEGER : startedAt))
        if (taken) return candidate
      }
      return undefined
    })
    if (node === undefined) throw new Fault('all 32 node numbers are leased; stop a node or wait a minute')
    return new NodeLease(node, holder, needs)
  }

  async renew(): Promise<void> {
    const { store, rows, clock } = this.#needs
    const until = clock.now() + LEASE_MS
    const kept = await store.write(WHOLE_STORE, () => first(rows.renewNode(this.node, this.#holder, until)))
    if (!kept) throw new Fault(`the lease on node number ${this.node} was lost; this process must stop`)
  }

  async release(): Promise<void> {
    const { store, rows } = this.#needs
    const query = rows.releaseNode(this.node, this.#holder)
    await store.write(WHOLE_STORE, function* () {
      yield [query]
    })
  }
}
