/**
 * A tenant's own configuration documents, written. Every write raises the tenant's version from the one that was decided upon,
 * so that no two writes see the same configuration; whoever comes second decides anew.
 */
import type { TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'
import type { OverrideRow } from '#domain/ports/tenant-queries.ts'

export interface DocumentQueries {
  /** No row when the tenant has another version by now. */
  raiseVersionFrom(tenant: TenantNumber, version: number): Query<{ readonly version: number }>
  addOverride(tenant: TenantNumber, row: OverrideRow): Query
  replaceOverride(tenant: TenantNumber, row: OverrideRow): Query
  removeOverride(tenant: TenantNumber, kind: string, code: string): Query
  /** A row when there is any. */
  deviceOfType(tenant: TenantNumber, type: string): Query<{ readonly id: number }>
  credentialOfType(tenant: TenantNumber, type: string): Query<{ readonly id: number }>
  /** A device of the type, an authenticator of the policy, or a client that names it. */
  useOfCards(tenant: TenantNumber, policy: string, deviceType: string): Query<{ readonly id: number }>
  /** An authenticator of the policy, or a client that names it. */
  useOfPolicy(tenant: TenantNumber, policy: string): Query<{ readonly id: number }>
  /** A client whose document or metadata names the code as its workflow. */
  clientOfWorkflow(tenant: TenantNumber, code: string): Query<{ readonly id: number }>
  clientOfTheme(tenant: TenantNumber, code: string): Query<{ readonly id: number }>
}
