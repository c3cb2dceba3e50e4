/** Assertions that clients have used up: each is remembered until it expires. RFC 7523 section 3, point 7. */
import type { TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface AssertionQueries {
  /** `jti` is the hash of the assertion's id. No row when this client used it before. */
  useAssertion(tenant: TenantNumber, client: string, jti: Uint8Array, expiresAt: number): Query<object>
}
