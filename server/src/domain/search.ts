/**
 * A search as it crosses from a door to the store: which rows, in which order, which page. Neutral on both sides: the
 * door has checked names and types against its attribute table, the store maps columns to SQL from its own list.
 * Every condition is true or false, never unknown: a row without a value fails a comparison and satisfies its opposite.
 */
import type { TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export type SearchResource = 'User' | 'Device' | 'Authenticator' | 'Credential' | 'Provision'

export type ColumnName =
  | 'id'
  | 'externalId'
  | 'userName'
  | 'active'
  | 'group'
  | 'role'
  | 'attribute'
  | 'familyName'
  | 'givenName'
  | 'title'
  | 'created'
  | 'type'
  | 'owner'
  | 'ownerExternalId'
  | 'friendlyName'
  | 'policy'
  | 'device'
  | 'status'
  | 'start'
  | 'expiry'

export interface Column {
  readonly name: ColumnName
  /** With `attribute`: the code of the user attribute. */
  readonly code?: string
}

export type ColumnOperator = 'eq' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le'

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'present'; readonly column: Column }
  /** Nothing can match: an id that no row can have. */
  | { readonly kind: 'never' }
  | {
      readonly kind: 'compare'
      readonly column: Column
      readonly operator: ColumnOperator
      readonly value: string | number | boolean
    }

export interface SearchPlan {
  /** Absent: every row of the tenant. */
  readonly where?: Condition
  readonly sort: { readonly column: Column; readonly descending: boolean }
  /** Rows to skip; the first row is 0. */
  readonly offset: number
  /** Rows wanted; 0 asks for the total only. */
  readonly count: number
}

/** One row of a page: its id, and with authenticators the policy that is the other half of theirs. */
export interface FoundRow {
  readonly id: number
  readonly policy?: string
}

/** How the store answers a search: one page of ids and the exact total, which is 0 when no row comes back. */
export type SearchQueries = (
  resource: SearchResource,
  tenant: TenantNumber,
  plan: SearchPlan,
) => { readonly rows: Query<FoundRow>; readonly total: Query<{ readonly total: number }> }
