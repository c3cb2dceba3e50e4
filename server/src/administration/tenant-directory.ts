/**
 * Tenants by name, loaded once and kept: number, version, configuration, keys. A kept tenant serves reads for two
 * seconds; deciding units compare its version themselves and call `reload`. A name that belongs to no active tenant is
 * looked up every time.
 */
import { buildConfiguration, type Configuration, type Documents, type Overrides } from '#domain/configuration.ts'
import type { TenantNumber } from '#domain/ids.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { Sealer } from '#domain/ports/sealer.ts'
import { first, type Query, rowsOf, type Store, type Unit, WHOLE_STORE } from '#domain/ports/store.ts'
import type { OverrideRow, TenantQueries, TenantRow } from '#domain/ports/tenant-queries.ts'
import { Fault } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

const FRESH_MS = 2000
const MOST_KEPT = 2000

export interface TenantDirectoryNeeds {
  readonly store: Store
  readonly tenants: TenantQueries
  readonly clock: Clock
  readonly stock: Documents
  loadSealer(tenant: TenantNumber): Promise<Sealer>
}

interface Kept {
  readonly tenant: Tenant
  readonly at: number
}

export class TenantDirectory {
  readonly #needs: TenantDirectoryNeeds
  readonly #kept = new Map<string, Kept>()
  /** Shared by all tenants that have no documents of their own. */
  readonly #stock: Configuration

  constructor(needs: TenantDirectoryNeeds) {
    this.#needs = needs
    this.#stock = buildConfiguration(needs.stock)
  }

  find(name: string): Tenant | Promise<Tenant | undefined> {
    const kept = this.#kept.get(name)
    if (kept && this.#needs.clock.now() - kept.at < FRESH_MS) return kept.tenant
    return this.#load(name, kept?.tenant)
  }

  async reload(tenant: Tenant): Promise<Tenant> {
    const fresh = await this.#load(tenant.name, undefined)
    if (!fresh) throw new Fault(`tenant ${tenant.number} is no longer active`)
    return fresh
  }

  async #load(name: string, kept: Tenant | undefined): Promise<Tenant | undefined> {
    const { store, tenants, clock } = this.#needs
    const found = await store.read(WHOLE_STORE, () => readTenant(tenants, name, kept?.version))
    if (!found) {
      this.#kept.delete(name)
      return undefined
    }
    const tenant = found.overrides === undefined && kept ? kept : await this.#built(found.row, found.overrides ?? [])
    this.#kept.delete(name)
    this.#kept.set(name, { tenant, at: clock.now() })
    if (this.#kept.size > MOST_KEPT) {
      const [oldest] = this.#kept.keys()
      if (oldest !== undefined) this.#kept.delete(oldest)
    }
    return tenant
  }

  async #built(row: TenantRow, overrides: readonly OverrideRow[]): Promise<Tenant> {
    const sealer = await this.#needs.loadSealer(row.number)
    const configuration =
      overrides.length === 0 ? this.#stock : buildConfiguration(this.#needs.stock, overridesOf(overrides))
    return { number: row.number, name: row.name, version: row.version, configuration, sealer }
  }
}

function* readTenant(
  tenants: TenantQueries,
  name: string,
  known: number | undefined,
): Unit<{ readonly row: TenantRow; readonly overrides: readonly OverrideRow[] | undefined } | undefined> {
  const row = yield* first(tenants.tenantByName(name))
  if (row?.status !== 'ACTIVE') return undefined
  if (row.version === known) return { row, overrides: undefined }
  return { row, overrides: yield* rowsOf(tenants.overrides(row.number) as Query<OverrideRow>) }
}

/** Stored documents by kind; a kind is the name of a list of `Documents`. */
function overridesOf(rows: readonly OverrideRow[]): Overrides {
  const lists: Record<string, unknown[]> = {}
  for (const { kind, document } of rows) {
    const list = lists[kind] ?? []
    list.push(JSON.parse(document))
    lists[kind] = list
  }
  return lists as Overrides
}
