/**
 * A kind of configuration document that tenants may have of their own, as data: which list it stands in, what the audit calls its
 * changes, when it may be saved. `documents.ts` does the same with all of them.
 */
import type { Configuration, Documents } from '#domain/configuration.ts'
import type { TenantNumber } from '#domain/ids.ts'
import type { DocumentQueries } from '#domain/ports/document-queries.ts'
import type { LoginQueries } from '#domain/ports/login-queries.ts'
import type { Query } from '#domain/ports/store.ts'
import type { Refusal } from '#domain/refusal.ts'

export interface OwnDocument {
  readonly code: string
  /** Undefined: a stock document. */
  readonly version?: number
}

/** What a document is judged in. */
export interface Circumstances<T> {
  readonly configuration: Configuration
  /** The document that it replaces. */
  readonly before: T | undefined
  /** Whether something of the tenant depends on that one. */
  readonly inUse: boolean
}

export interface DocumentKind<T extends OwnDocument> {
  /** The list of `Documents`, which is also the kind of the stored row. */
  readonly list: keyof Documents
  /** `device type`. */
  readonly noun: string
  /** `DeviceType`: the audit's createDeviceType, updateDeviceType, deleteDeviceType. */
  readonly event: string
  /** The audit's name of the code: DTC. */
  readonly parameter: string
  /** One of the tenant's own may stand in the place of a stock document. */
  readonly coversStock?: true
  /** How many a tenant may have of its own; 200 where nothing is said. */
  readonly most?: number
  find(configuration: Configuration, code: string): T | undefined
  all(configuration: Configuration): readonly T[]
  refusalOf(document: T, circumstances: Circumstances<T>): Refusal | undefined
  /** Why it cannot go, as far as the configuration tells. */
  refusalOfRemoval?(document: T, configuration: Configuration): Refusal | undefined
  /** Answers a row when something of the tenant depends on it. */
  use?(queries: DocumentQueries, tenant: TenantNumber, code: string): Query<{ readonly id: number }>
  /** Written with a change or removal: keeps the former document for whoever still works by it. */
  keepReplaced?(queries: Pick<LoginQueries, 'pinWorkflow'>, tenant: TenantNumber, before: T, now_ms: number): Query
}
