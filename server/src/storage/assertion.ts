/** Assertions that clients have used up; `storage/expiry.ts` takes them away when they have expired. */
import type { AssertionQueries } from '#domain/ports/assertion-queries.ts'
import { sql, touched } from '#storage/sql.ts'

export const assertionQueries: AssertionQueries = {
  useAssertion: (tenant, client, jti, expiresAt) =>
    touched(sql`
    insert into assertion_used (tenant_number, client_id, jti, expires_at)
    values (${tenant}, ${client}, ${jti}, ${expiresAt})
    on conflict do nothing`),
}
