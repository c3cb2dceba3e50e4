/**
 * Budgets shared by all nodes: so much in a period, for a tenant or for one subject in it. A node takes a tenth of the
 * limit at a time and spends it in memory; taking is a unit of its own, so no proof ever waits for the shared row. What a
 * node did not spend by the end of the period is lost: the limit is never exceeded, and reached up to a tenth per node early.
 */
import type { TenantNumber } from '#domain/ids.ts'
import type { BudgetQueries } from '#domain/ports/budget-queries.ts'
import type { Clock } from '#domain/ports/clock.ts'
import { first, type Store } from '#domain/ports/store.ts'

export interface Budget {
  readonly name: string
  readonly limit: number
  readonly period_ms: number
}

interface Needs {
  readonly store: Store
  readonly rows: BudgetQueries
  readonly clock: Clock
}

interface Slice {
  readonly period: number
  left: number
  /** The shared row gives nothing more in this period. */
  dry: boolean
}

const SLICES = 10
const MOST_SLICES = 10_000

export class Budgets {
  readonly #needs: Needs
  readonly #slices = new Map<string, Slice>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Spends one; false when the budget of this period is used up. */
  async spend(tenant: TenantNumber, budget: Budget, subject = ''): Promise<boolean> {
    const { store, rows, clock } = this.#needs
    const period = Math.floor(clock.now() / budget.period_ms)
    const key = `${tenant} ${budget.name} ${subject}`
    let slice = this.#slices.get(key)
    if (slice?.period !== period) {
      slice = { period, left: 0, dry: false }
      this.#keep(key, slice)
    }
    if (slice.left === 0 && !slice.dry) {
      const size = Math.max(1, Math.floor(budget.limit / SLICES))
      const of = { name: budget.name, subject, period }
      const taken = await store.write(tenant, () => first(rows.takeSlice(tenant, of, size, budget.limit)))
      if (taken) slice.left += size
      else slice.dry = true
    }
    if (slice.left === 0) return false
    slice.left -= 1
    return true
  }

  #keep(key: string, slice: Slice): void {
    this.#slices.delete(key)
    this.#slices.set(key, slice)
    if (this.#slices.size <= MOST_SLICES) return
    const [oldest] = this.#slices.keys()
    if (oldest !== undefined) this.#slices.delete(oldest)
  }
}
