/**
 * The sealers of all tenants: loads a tenant's keys when they are first needed, keeps the most recently used, makes the
 * first key of a new tenant and the next one at a rotation. A sealer in hand works on whatever happens here meanwhile.
 */
import type { TenantNumber } from '#domain/ids.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { KeyQueries, NumberedKeyRow } from '#domain/ports/key-queries.ts'
import type { Random } from '#domain/ports/random.ts'
import { first, type Query, rowsOf, type Store, type Unit } from '#domain/ports/store.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import { currentKey, LEAD_MS, RELOAD_MS } from '#keys/current-key.ts'
import type { MasterKey } from '#keys/master-key.ts'
import { TenantSealer } from '#keys/sealer.ts'
import { Shelf } from '#keys/shelf.ts'
import { tenantKeys } from '#keys/tenant-keys.ts'

export interface KeyRingNeeds {
  readonly master: MasterKey
  readonly store: Store
  readonly rows: Pick<KeyQueries, 'tenantKeys' | 'addTenantKey' | 'retireTenantKey'>
  readonly random: Random
  readonly clock: Clock
  /** Tenants kept in memory; about 2 kB each. */
  readonly capacity?: number
}

/** A tenant rotates once a year at most; more keys than this are a mistake. */
const MOST_KEYS = 1000

export class KeyRing {
  readonly #needs: KeyRingNeeds
  readonly #sealers: Shelf<TenantSealer>

  constructor(needs: KeyRingNeeds) {
    this.#needs = needs
    this.#sealers = new Shelf(needs.clock, { capacity: needs.capacity ?? 4096, life_ms: RELOAD_MS })
  }

  /** Refuses a tenant without keys. */
  loadSealer(tenant: TenantNumber): Promise<TenantSealer> {
    return this.#sealers.load(tenant, () => this.#load(tenant))
  }

  /** The first key of a tenant, and a sealer that uses it: its query belongs into the unit that makes the tenant. */
  mint(tenant: TenantNumber): { readonly queries: readonly Query[]; readonly sealer: TenantSealer } {
    const { master, rows, random, clock } = this.#needs
    const row = tenantKeys.mint(master, random, tenant, 1, clock.now())
    return { queries: [rows.addTenantKey(tenant, row)], sealer: this.#sealerOf(tenant, [row]) }
  }

  /** Writes the next key, which seals from LEAD_MS on. Answers its number. */
  async rotate(tenant: TenantNumber): Promise<number> {
    const { master, store, rows, random, clock } = this.#needs
    const ring = await store.write(tenant, function* (): Unit<number | Refusal> {
      const now = clock.now()
      const newest = yield* first(rows.tenantKeys(tenant))
      if (!newest) throw new Fault(`tenant ${tenant} has no key`)
      if (newest.keyNumber >= MOST_KEYS) return new Refusal('limit_reached')
      yield [rows.retireTenantKey(tenant, newest.keyNumber, now + LEAD_MS)]
      const next = tenantKeys.mint(master, random, tenant, newest.keyNumber + 1, now)
      const added = yield* first(rows.addTenantKey(tenant, next))
      return added ? added.keyNumber : new Refusal('temporarily_unavailable')
    })
    this.forget(tenant)
    if (ring instanceof Refusal) throw ring
    return ring
  }

  forget(tenant: TenantNumber): void {
    this.#sealers.forget(tenant)
  }

  async #load(tenant: TenantNumber): Promise<TenantSealer> {
    const { store, rows } = this.#needs
    return this.#sealerOf(tenant, await store.read(tenant, () => rowsOf(rows.tenantKeys(tenant))))
  }

  #sealerOf(tenant: TenantNumber, found: readonly NumberedKeyRow[]): TenantSealer {
    const { master, random, clock } = this.#needs
    const current = currentKey(found, clock.now())
    if (!current) throw new Fault(`tenant ${tenant} has no key`)
    const keys = found.map(row => tenantKeys.open(master, tenant, row))
    return new TenantSealer({ tenant, keys, current: current.keyNumber, random })
  }
}
