/** Budgets that many share: how much of one is spent in a period. Nodes take slices of it, never single units. */
import type { TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface BudgetPeriod {
  /** What is limited: `failed_proofs`. */
  readonly name: string
  /** Whose it is: a client, an address; empty for the tenant's own. */
  readonly subject: string
  /** The number of the period since 1970. */
  readonly period: number
}

export interface BudgetQueries {
  /** No row when the slice would go beyond the limit. */
  takeSlice(tenant: TenantNumber, of: BudgetPeriod, slice: number, limit: number): Query<{ readonly spent: number }>
}
