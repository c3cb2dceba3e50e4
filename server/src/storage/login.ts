/** Logins by the portal: one row each from the request to the redemption of its code. See `domain/ports/login-queries.ts`. */
import type { ConsentRow, HeldLogin, LoginQueries, LoginWithPerson, PersonRow } from '#domain/ports/login-queries.ts'
import { nameKey } from '#domain/user.ts'
import { sql, touched } from '#storage/sql.ts'

export const loginQueries: LoginQueries = {
  add: (tenant, l) => sql`
    insert into login (tenant_number, id, proof, client_id, request, workflow, state, csrf, browser, user_id, progress, revision,
                       created_at, expires_at, code_proof, code_expires_at, session_id)
    values (${tenant}, ${l.id}, ${l.proof}, ${l.client}, ${l.request}, ${l.workflow}, 'OPEN', 0, null, null, '{}', 0,
            ${l.createdAt}, ${l.expiresAt}, null, null, null)`,

  login: (tenant, id) => sql<HeldLogin>`
    select t.version as "version", l.id as "id", l.proof as "proof", l.client_id as "client", l.request as "request",
           l.workflow as "workflow", l.state as "state", l.csrf as "csrf", l.browser as "browser", l.user_id as "userId",
           l.progress as "progress", l.revision as "revision", l.created_at as "createdAt", l.expires_at as "expiresAt",
           l.code_proof as "codeProof", l.code_expires_at as "codeExpiresAt", l.session_id as "session"
    from login l join tenant t on t.tenant_number = l.tenant_number
    where l.tenant_number = ${tenant} and l.id = ${id}`,

  // One row with all that a call needs: a call of a login costs little more than its statements.
  loginWithPerson: (tenant, id, name) => sql<LoginWithPerson>`
    select t.version as "version", l.id as "id", l.proof as "proof", l.client_id as "client", l.request as "request",
           l.workflow as "workflow", l.state as "state", l.csrf as "csrf", l.browser as "browser", l.user_id as "userId",
           l.progress as "progress", l.revision as "revision", l.created_at as "createdAt", l.expires_at as "expiresAt",
           l.code_proof as "codeProof", l.code_expires_at as "codeExpiresAt", l.session_id as "session",
           u.id as "person", u.external_id as "personExternalId",
           (select string_agg(a.policy, ' ') from authenticator a
            where a.tenant_number = u.tenant_number and a.user_id = u.id and a.status = 'ENABLED') as "owned"
    from login l
    join tenant t on t.tenant_number = l.tenant_number
    left join user_account u on u.tenant_number = l.tenant_number and u.id =
      case when ${name === undefined} = 1 then l.user_id
           else (select n.user_id from login_name n where n.tenant_number = l.tenant_number and n.name_key = ${nameKey(name ?? '')}) end
    where l.tenant_number = ${tenant} and l.id = ${id}`,

  change: (tenant, id, c) =>
    touched(sql`
    update login set state = ${c.state}, csrf = ${c.csrf}, browser = ${c.browser}, user_id = ${c.userId}, progress = ${c.progress},
                     workflow = ${c.workflow}, expires_at = ${c.expiresAt}, revision = revision + 1
    where tenant_number = ${tenant} and id = ${id} and revision = ${c.from} and state = 'OPEN'`),

  takeTry: (tenant, id, what, limit, revision) => sql<{ tries: number }>`
    insert into login_try (tenant_number, login_id, what, tries)
    select l.tenant_number, l.id, ${what}, 1 from login l
    where l.tenant_number = ${tenant} and l.id = ${id} and l.state = 'OPEN' and l.revision = ${revision}
    on conflict (tenant_number, login_id, what) do update set tries = login_try.tries + 1 where login_try.tries < ${limit}
    returning tries as "tries"`,

  giveTry: (tenant, id, what) =>
    touched(sql`
    update login_try set tries = tries - 1 where tenant_number = ${tenant} and login_id = ${id} and what = ${what} and tries > 0`),

  tries: (tenant, id) => sql<{ what: string; tries: number }>`
    select what as "what", tries as "tries" from login_try where tenant_number = ${tenant} and login_id = ${id}`,

  issueCode: (tenant, id, from, proof, expiresAt) =>
    touched(sql`
    update login set state = 'CODED', code_proof = ${proof}, code_expires_at = ${expiresAt}, revision = revision + 1
    where tenant_number = ${tenant} and id = ${id} and revision = ${from} and state = 'OPEN'`),

  redeem: (tenant, id, session, at) =>
    touched(sql`
    update login set state = 'REDEEMED', session_id = ${session}, revision = revision + 1
    where tenant_number = ${tenant} and id = ${id} and state = 'CODED' and code_expires_at > ${at}`),

  endSession: (tenant, session, at) => sql`
    update session set ended_at = ${at} where tenant_number = ${tenant} and id = ${session} and ended_at is null`,

  person: (tenant, name) => sql<PersonRow>`
    select u.id as "user", u.external_id as "externalId", a.policy as "policy"
    from login_name n
    join user_account u on u.tenant_number = n.tenant_number and u.id = n.user_id
    left join authenticator a on a.tenant_number = u.tenant_number and a.user_id = u.id and a.status = 'ENABLED'
    where n.tenant_number = ${tenant} and n.name_key = ${nameKey(name)}`,

  ownedBy: (tenant, user) => sql<{ policy: string }>`
    select policy as "policy" from authenticator
    where tenant_number = ${tenant} and user_id = ${user} and status = 'ENABLED'`,

  consents: (tenant, user, client) => sql<ConsentRow>`
    select scope as "scope", status as "status", until_at as "until" from consent
    where tenant_number = ${tenant} and user_id = ${user} and client_id = ${client}`,

  sign: (tenant, user, client, { scope, status, until }, at) => sql`
    insert into consent (tenant_number, user_id, client_id, scope, status, until_at, signed_at)
    values (${tenant}, ${user}, ${client}, ${scope}, ${status}, ${until}, ${at})
    on conflict (tenant_number, user_id, client_id, scope)
      do update set status = excluded.status, until_at = excluded.until_at, signed_at = excluded.signed_at`,

  pinWorkflow: (tenant, hash, document, until) => sql`
    insert into workflow_pin (tenant_number, hash, document, until_at) values (${tenant}, ${hash}, ${document}, ${until})
    on conflict (tenant_number, hash) do update set until_at = excluded.until_at`,

  pinnedWorkflow: (tenant, hash) => sql<{ document: string }>`
    select document as "document" from workflow_pin where tenant_number = ${tenant} and hash = ${hash}`,

  dropLogins: (tenant, floor, at) => sql<{ id: number }>`
    delete from login where tenant_number = ${tenant} and id in
      (select id from login where tenant_number = ${tenant} and id < ${floor} and expires_at < ${at} order by id limit 500)
    returning id`,

  dropTries: (tenant, floor) => sql`delete from login_try where tenant_number = ${tenant} and login_id < ${floor}`,

  dropPins: (tenant, at) => sql`delete from workflow_pin where tenant_number = ${tenant} and until_at < ${at}`,
}
