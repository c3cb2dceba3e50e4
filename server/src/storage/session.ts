/** Sessions. They are happenings: rows are added at the end of the table and dropped by range of id; no secondary index. */
import type { HeldSession, SessionHolder, SessionQueries } from '#domain/ports/session-queries.ts'
import { sql } from '#storage/sql.ts'

export const sessionQueries: SessionQueries = {
  addSession: (tenant, s) => sql`
    insert into session (tenant_number, id, user_id, client_id, policy, level, amr, scope, device_id, idle_ms, created_at,
                         expires_at, last_used_at, ended_at, proof, event_id)
    values (${tenant}, ${s.id}, ${s.user}, ${s.client}, ${s.policy}, ${s.level}, ${s.amr}, ${s.scope}, ${s.device},
            ${s.idle_ms}, ${s.createdAt}, ${s.expiresAt}, ${s.createdAt}, null, ${s.proof}, ${s.event})`,

  session: (tenant, id) => sql<HeldSession>`
    select t.version as "version", s.proof as "proof", s.id as "session", s.user_id as "user", s.client_id as "client", s.policy as "policy",
           s.level as "level", s.amr as "amr", s.scope as "scope", s.device_id as "device", s.idle_ms as "idle_ms",
           s.created_at as "createdAt", s.expires_at as "expiresAt", s.last_used_at as "lastUsedAt", s.ended_at as "endedAt",
           u.active as "userActive", u.sessions_from as "sessionsFrom"
    from session s
    join user_account u on u.tenant_number = s.tenant_number and u.id = s.user_id
    join tenant t on t.tenant_number = s.tenant_number
    where s.tenant_number = ${tenant} and s.id = ${id}`,

  holder: (tenant, user) => sql<SessionHolder>`
    select external_id as "externalId", user_name as "userName", group_code as "group", family_name as "familyName",
           given_name as "givenName",
           (select a.value from user_attribute a
            where a.tenant_number = u.tenant_number and a.user_id = u.id and a.name = 'ATR_EMAIL') as "email",
           (select a.value from user_attribute a
            where a.tenant_number = u.tenant_number and a.user_id = u.id and a.name = 'ATR_MOBILE') as "mobile"
    from user_account u where u.tenant_number = ${tenant} and u.id = ${user}`,

  rolesOf: (tenant, user) => sql<{ role: string }>`
    select role as "role" from user_role where tenant_number = ${tenant} and user_id = ${user} order by role`,

  touchSession: (tenant, session, at) => sql`
    update session set last_used_at = ${at} where tenant_number = ${tenant} and id = ${session} and last_used_at < ${at}`,

  endSession: (tenant, session, at) => sql`
    update session set ended_at = ${at} where tenant_number = ${tenant} and id = ${session} and ended_at is null`,

  endSessionsOf: (tenant, user, at) => sql`
    update user_account set sessions_from = ${at} where tenant_number = ${tenant} and id = ${user}`,
}
