/**
 * A tenant's rows as they leave a store and come into another: table by table, in the order of their keys. What lives
 * shortly (sessions, tokens, challenges, staging, budgets) is not carried; it is only ever erased.
 */
import type { TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export type ArchivedValue = string | number | null | Uint8Array
export type ArchivedRow = Readonly<Record<string, ArchivedValue>>

export interface ArchivedTable {
  readonly table: string
  /** All columns but the tenant's number. */
  readonly columns: readonly string[]
  /** Those of bytes. */
  readonly bytes: readonly string[]
  /** The columns that are sealed to their place, and those that name the row there, joined by dots. */
  readonly sealed: readonly { readonly column: string; readonly row: readonly string[] }[]
  /** A column of JSON whose member `secrets` holds sealed values by name, in base64url; their column is `document.secrets.name`. */
  readonly sealedMembers?: { readonly column: string; readonly row: readonly string[] }
}

export interface TenantArchiveQueries {
  /** What is carried, parents before children. */
  readonly tables: readonly ArchivedTable[]
  nextId(tenant: TenantNumber): Query<{ readonly nextId: number }>
  setNextId(tenant: TenantNumber, nextId: number): Query
  /** In the order of the key, above the key of `after`. */
  rowsAfter(
    table: ArchivedTable,
    tenant: TenantNumber,
    after: ArchivedRow | undefined,
    limit: number,
  ): Query<ArchivedRow>
  addRow(table: ArchivedTable, tenant: TenantNumber, row: ArchivedRow): Query
  /** Every table that holds rows of a tenant; its keys first. */
  readonly erasable: readonly string[]
  /** Deletes 500 rows at most, answers one row for each. */
  eraseSome(table: string, tenant: TenantNumber): Query
  /** Takes the name away from an erased tenant, so that another may have it. */
  renameTenant(tenant: TenantNumber, name: string): Query
}
