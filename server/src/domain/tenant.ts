/**
 * A sealed world. What a request needs to know of its tenant, loaded once and kept until `version` rises: its
 * configuration and the keys that seal its secrets. Pure reads may be two seconds stale; deciding units compare
 * `version` in their first flush.
 */
import type { Configuration } from '#domain/configuration.ts'
import type { TenantNumber } from '#domain/ids.ts'
import type { Sealer } from '#domain/ports/sealer.ts'

export interface Tenant {
  readonly number: TenantNumber
  readonly name: string
  readonly version: number
  readonly configuration: Configuration
  readonly sealer: Sealer
}
