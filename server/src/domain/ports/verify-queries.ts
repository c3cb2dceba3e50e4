/**
 * What `countersign verify` looks for: rows that no unit of work could have left behind. Each check goes through its table
 * by key, a page at a time, so that a running server hardly notices; it only reads.
 */
import type { TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

/** Where a page ended: one or two parts of the key. */
export interface VerifyKey {
  readonly n: number
  readonly t: string
}

export interface VerifiedRow extends VerifyKey {
  /** 1 when the row breaks the rule. */
  readonly wrong: number
}

export interface StoreCheck {
  readonly table: string
  /** What is wrong with a row that is found. */
  readonly sentence: string
  rows(tenant: TenantNumber, after: VerifyKey, limit: number): Query<VerifiedRow>
}

export interface SealedRow {
  readonly id: number
  readonly secret: Uint8Array
}

export interface VerifyQueries {
  readonly checks: readonly StoreCheck[]
  /** Kept totals that are not the number of rows; numbers given out above the next one; at most a few rows. */
  totals(tenant: TenantNumber): Query<{ readonly noun: string; readonly kept: number; readonly counted: number }>
  highest(
    tenant: TenantNumber,
  ): Query<{ readonly noun: string; readonly highest: number | null; readonly nextId: number }>
  sealedAfter(tenant: TenantNumber, id: number, limit: number): Query<SealedRow>
  /** Tables whose rows belong to a tenant. */
  readonly tables: readonly string[]
  /** The smallest tenant number above this one that has rows in the table. */
  nextTenantIn(table: string, after: TenantNumber): Query<{ readonly tenant: number | null }>
}
