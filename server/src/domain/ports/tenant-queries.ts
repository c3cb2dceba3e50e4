/** Tenants: the directory that maps a public name to an immutable number, and a tenant's own documents. */
import type { TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface TenantRow {
  readonly number: TenantNumber
  readonly name: string
  readonly status: string
  readonly version: number
  readonly createdAt: number
}

export interface OverrideRow {
  readonly kind: string
  readonly code: string
  readonly document: string
}

export interface TenantQueries {
  tenantByName(name: string): Query<TenantRow>
  tenantOf(tenant: TenantNumber): Query<TenantRow>
  /** In the order of their numbers, above `after`. */
  tenantsAfter(after: TenantNumber, count: number): Query<TenantRow>
  highestTenant(): Query<{ readonly number: TenantNumber | null }>
  /** No row when name or number is taken. */
  addTenant(tenant: TenantRow, firstId: number): Query<{ readonly number: TenantNumber }>
  raiseTenantVersion(tenant: TenantNumber): Query<{ readonly version: number }>
  setTenantStatus(tenant: TenantNumber, status: string): Query<{ readonly version: number }>
  overrides(tenant: TenantNumber): Query<OverrideRow>
}
