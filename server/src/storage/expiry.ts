/** Takes away what has expired: a bounded range of the oldest rows at a time, so that no delete holds the writer for long. */
import type { ExpiryQueries } from '#domain/ports/session-queries.ts'
import { sql } from '#storage/sql.ts'

export const expiryQueries: ExpiryQueries = {
  dropSessions: (tenant, floor, at) => sql<{ id: number }>`
    delete from session where tenant_number = ${tenant} and id in
      (select id from session where tenant_number = ${tenant} and id < ${floor} and expires_at < ${at} order by id limit 500)
    returning id`,

  dropChallenges: (tenant, floor, at) => sql<{ id: number }>`
    delete from challenge where tenant_number = ${tenant} and id in
      (select id from challenge where tenant_number = ${tenant} and id < ${floor} and expires_at < ${at} order by id limit 500)
    returning id`,

  dropRecoveries: (tenant, at) => sql<{ id: number }>`
    delete from recovery where tenant_number = ${tenant} and (user_id, policy) in
      (select user_id, policy from recovery where tenant_number = ${tenant} and expires_at < ${at}
       order by expires_at limit 500)
    returning id`,

  dropAssertions: (tenant, at) => sql<{ id: number }>`
    delete from assertion_used where tenant_number = ${tenant} and (client_id, jti) in
      (select client_id, jti from assertion_used where tenant_number = ${tenant} and expires_at < ${at}
       order by expires_at limit 500)
    returning 1 as id`,

  dropBudgets: (tenant, beforePeriod) => sql`
    delete from budget where tenant_number = ${tenant} and period < ${beforePeriod}`,
}
