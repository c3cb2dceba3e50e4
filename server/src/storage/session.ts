/** Sessions and tokens. Both are happenings: rows are added at the end of the table and dropped by range of id. */
import type { HeldToken, SessionQueries } from '#domain/ports/session-queries.ts'
import { sql } from '#storage/sql.ts'

export const sessionQueries: SessionQueries = {
  addSession: (tenant, s) => sql`
    insert into session (tenant_number, id, user_id, client_id, policy, level, amr, scope, device_id, idle_ms, created_at,
                         expires_at, last_used_at, ended_at, event_id)
    values (${tenant}, ${s.id}, ${s.user}, ${s.client}, ${s.policy}, ${s.level}, ${s.amr}, ${s.scope}, ${s.device},
            ${s.idle_ms}, ${s.createdAt}, ${s.expiresAt}, ${s.createdAt}, null, ${s.event})`,

  addToken: (tenant, t) => sql`
    insert into token (tenant_number, id, session_id, kind, proof, expires_at)
    values (${tenant}, ${t.id}, ${t.session}, ${t.kind}, ${t.proof}, ${t.expiresAt})`,

  token: (tenant, id, kind) => sql<HeldToken>`
    select t.proof as "proof", t.expires_at as "expiresAt", s.id as "session", s.user_id as "user", s.client_id as "client",
           s.policy as "policy", s.level as "level", s.scope as "scope", s.idle_ms as "idle_ms", s.created_at as "createdAt",
           s.expires_at as "sessionExpiresAt", s.last_used_at as "lastUsedAt", s.ended_at as "endedAt",
           u.active as "userActive", u.external_id as "externalId", u.user_name as "userName", u.group_code as "group",
           u.family_name as "familyName", u.given_name as "givenName",
           c.user_id as "clientUser", c.status as "clientStatus", c.document as "clientDocument",
           (select string_agg(r.role, ' ') from user_role r
            where r.tenant_number = s.tenant_number and r.user_id = s.user_id) as "roles"
    from token t
    join session s on s.tenant_number = t.tenant_number and s.id = t.session_id
    join user_account u on u.tenant_number = s.tenant_number and u.id = s.user_id
    left join client c on c.tenant_number = s.tenant_number and c.client_id = s.client_id
    where t.tenant_number = ${tenant} and t.id = ${id} and t.kind = ${kind}`,

  touchSession: (tenant, session, at) => sql`
    update session set last_used_at = ${at} where tenant_number = ${tenant} and id = ${session} and last_used_at < ${at}`,

  endSessionsOf: (tenant, user, at) => sql`
    update session set ended_at = ${at} where tenant_number = ${tenant} and user_id = ${user} and ended_at is null`,
}
