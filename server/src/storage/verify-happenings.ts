/** Challenges, sessions and tokens: what they point to must be there, the event that made a session among it. */
import type { StoreCheck, VerifiedRow } from '#domain/ports/verify-queries.ts'
import { sql } from '#storage/sql.ts'

export const verifyHappenings: readonly StoreCheck[] = [
  {
    table: 'challenge',
    sentence: 'The challenge was asked of a key or an authenticator that is not there.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.id as "n", '' as "t", case when c.id is null or a.user_id is null then 1 else 0 end as "wrong"
      from (select id, user_id, policy, credential_id from challenge
            where tenant_number = ${tenant} and id > ${after.n} order by id limit ${limit}) p
      left join credential c on c.tenant_number = ${tenant} and c.id = p.credential_id
      left join authenticator a on a.tenant_number = ${tenant} and a.user_id = p.user_id and a.policy = p.policy
      order by p.id`,
  },
  {
    table: 'session',
    sentence: 'The event that made the session is missing from the audit.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.id as "n", '' as "t", case when e.id is null then 1 else 0 end as "wrong"
      from (select id, event_id from session
            where tenant_number = ${tenant} and id > ${after.n} order by id limit ${limit}) p
      left join audit_event e on e.tenant_number = ${tenant} and e.id = p.event_id order by p.id`,
  },
]
