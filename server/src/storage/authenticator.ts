/**
 * Authenticators with their attempts and, under password policies, the hash. A password row appears with the first password;
 * its version is what two changes at once meet.
 */
import type { AuthenticatorQueries, AuthenticatorRow, PasswordRow } from '#domain/ports/authenticator-queries.ts'
import { idList } from '#storage/id-list.ts'
import { type Fragment, fragment, joined, sql } from '#storage/sql.ts'

const ROWS = fragment`
    select a.user_id as "user", a.policy as "policy", a.status as "status", a.start_at as "startAt",
           a.expiry_at as "expiryAt", a.created_at as "createdAt", a.version as "version",
           u.external_id as "ownerExternalId", s.started as "started", s.forgiven as "forgiven",
           s.last_attempt_at as "lastAttemptAt", s.consecutive_success as "consecutiveSuccess",
           s.total_failed as "totalFailed", s.total_success as "totalSuccess", s.challenge_count as "challengeCount",
           s.last_success_at as "lastSuccessAt", s.last_failure_at as "lastFailureAt",
           s.last_success_channel as "lastSuccessChannel", s.last_failure_channel as "lastFailureChannel",
           d.id as "lastSuccessDevice", d.external_id as "lastSuccessDeviceExternalId"
    from authenticator a
    join user_account u on u.tenant_number = a.tenant_number and u.id = a.user_id
    join authenticator_state s on s.tenant_number = a.tenant_number and s.user_id = a.user_id and s.policy = a.policy
    left join device d on d.tenant_number = s.tenant_number and d.id = s.last_success_device`

const rows = (where: Fragment) => joined<AuthenticatorRow>(ROWS, where)

export const authenticatorQueries: AuthenticatorQueries = {
  authenticator: (tenant, user, policy) =>
    rows(fragment`where a.tenant_number = ${tenant} and a.user_id = ${user} and a.policy = ${policy}`),

  authenticatorsOf: (tenant, users) =>
    rows(fragment`where a.tenant_number = ${tenant} and a.user_id in ${idList(users)} order by a.user_id, a.policy`),

  addAuthenticator: (tenant, one) => sql<{ user: number }>`
    insert into authenticator (tenant_number, user_id, policy, status, start_at, expiry_at, created_at, version)
    values (${tenant}, ${one.user}, ${one.policy}, ${one.status}, ${one.startAt_ms}, ${one.expiryAt_ms},
            ${one.createdAt_ms}, ${one.version})
    on conflict do nothing returning user_id as "user"`,

  addState: (tenant, user, policy) => sql`
    insert into authenticator_state (tenant_number, user_id, policy, started, forgiven, last_attempt_at,
                                     consecutive_success, total_failed, total_success, challenge_count)
    values (${tenant}, ${user}, ${policy}, 0, 0, null, 0, 0, 0, 0)`,

  replaceAuthenticator: (tenant, one, version) => sql<{ version: number }>`
    update authenticator
    set status = ${one.status}, start_at = ${one.startAt_ms}, expiry_at = ${one.expiryAt_ms}, version = version + 1
    where tenant_number = ${tenant} and user_id = ${one.user} and policy = ${one.policy} and version = ${version}
    returning version`,

  forgive: (tenant, user, policy) => sql`
    update authenticator_state set forgiven = started, challenge_count = 0, blocked_until = 0
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,

  startUses: (tenant, user, policy) => sql`
    update authenticator_state set total_success = 0
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,

  forgiveUser: (tenant, user) => sql`
    update user_state set forgiven = started where tenant_number = ${tenant} and user_id = ${user}`,

  password: (tenant, user, policy) => sql<PasswordRow>`
    select hash as "hash", history as "history", version as "version", expired_changes as "expiredChanges" from password
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,

  setPassword: (tenant, user, policy, { hash, history, changedAt_ms, expiredChanges }, version) =>
    version === 0
      ? sql<{ version: number }>`
    insert into password (tenant_number, user_id, policy, hash, history, changed_at, expired_changes, version)
    values (${tenant}, ${user}, ${policy}, ${hash}, ${JSON.stringify(history)}, ${changedAt_ms}, ${expiredChanges}, 1)
    on conflict do nothing returning version`
      : sql<{ version: number }>`
    update password
    set hash = ${hash}, history = ${JSON.stringify(history)}, changed_at = ${changedAt_ms},
        expired_changes = ${expiredChanges}, version = version + 1
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy} and version = ${version}
    returning version`,

  removeAuthenticator: (tenant, user, policy, version) => [
    sql<{ user: number }>`
    delete from authenticator
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy} and version = ${version}
    returning user_id as "user"`,
    sql`delete from authenticator_state where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,
    sql`delete from password where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,
    sql`delete from recovery where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,
    sql`delete from challenge where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,
    sql`delete from oob where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,
    sql`delete from oob_code where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,
  ],

  removeAuthenticatorsOf: (tenant, user) => [
    sql<{ policy: string }>`
    delete from authenticator where tenant_number = ${tenant} and user_id = ${user} returning policy`,
    sql`delete from authenticator_state where tenant_number = ${tenant} and user_id = ${user}`,
    sql`delete from password where tenant_number = ${tenant} and user_id = ${user}`,
    sql`delete from recovery where tenant_number = ${tenant} and user_id = ${user}`,
    sql`delete from challenge where tenant_number = ${tenant} and user_id = ${user}`,
    sql`delete from oob where tenant_number = ${tenant} and user_id = ${user}`,
    sql`delete from oob_code where tenant_number = ${tenant} and user_id = ${user}`,
  ],
}
