/**
 * Hands out a tenant's numbers from blocks of 100: one write per block, nothing per number. What a process has left of a
 * block when it ends, or when its tenant is pushed out of memory, stays unused; the sequence has room for 2^53.
 */
import type { TenantNumber } from '#domain/ids.ts'
import type { NamedIds } from '#domain/ports/named-ids.ts'
import { first, type Store } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import { sql } from '#storage/sql.ts'

const BLOCK = 100
const MOST_AT_ONCE = 10_000
const MOST_TENANTS = 10_000

interface Lease {
  next: number
  /** The first number that is not ours. */
  end: number
}

export class NamedIdBlocks implements NamedIds {
  readonly #store: Store
  readonly #leases = new Map<TenantNumber, Lease>()
  /** The last request of each tenant: requests of one tenant run one after another, so that a block is leased once. */
  readonly #turns = new Map<TenantNumber, Promise<unknown>>()

  constructor(store: Store) {
    this.#store = store
  }

  next(tenant: TenantNumber, count: number): Promise<readonly number[]> {
    if (!Number.isInteger(count) || count < 1 || count > MOST_AT_ONCE)
      throw new RangeError('ask for 1 to 10000 numbers')
    const held = this.#leases.get(tenant)
    if (held && held.end - held.next >= count && !this.#turns.has(tenant)) return Promise.resolve(take(held, count))
    const before = this.#turns.get(tenant) ?? Promise.resolve()
    const turn = before.then(
      () => this.#filled(tenant, count),
      () => this.#filled(tenant, count),
    )
    this.#turns.set(tenant, turn)
    const done = () => {
      if (this.#turns.get(tenant) === turn) this.#turns.delete(tenant)
    }
    turn.then(done, done)
    return turn
  }

  async #filled(tenant: TenantNumber, count: number): Promise<readonly number[]> {
    const held = this.#leases.get(tenant)
    if (held && held.end - held.next >= count) return take(held, count)
    // More than a block is fetched for itself, so that numbers of one answer rise without a gap.
    const size = Math.max(count, BLOCK)
    const row = await this.#store.write(tenant, () =>
      first(
        sql<{ end: number }>`
          update tenant set next_id = next_id + ${size} where tenant_number = ${tenant} returning next_id as "end"`,
      ),
    )
    if (row === undefined) throw new Fault('numbers were asked for of a tenant that does not exist')
    const lease = { next: row.end - size, end: row.end }
    const numbers = take(lease, count)
    if (lease.next < lease.end) this.#keep(tenant, lease)
    return numbers
  }

  #keep(tenant: TenantNumber, lease: Lease): void {
    this.#leases.delete(tenant)
    this.#leases.set(tenant, lease)
    if (this.#leases.size <= MOST_TENANTS) return
    const [oldest] = this.#leases.keys()
    if (oldest !== undefined) this.#leases.delete(oldest)
  }
}

function take(lease: Lease, count: number): readonly number[] {
  const start = lease.next
  lease.next += count
  return Array.from({ length: count }, (_, n) => start + n)
}
