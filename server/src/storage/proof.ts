/**
 * Queries of proving somebody: find, reserve, load, settle. See `domain/ports/proof-queries.ts` for what each promises.
 * `started - forgiven` are the failures in a row, attempts in flight included; both numbers only rise.
 */
import type { Candidate, OpenChallenge, ProofQueries, Slot, Standing } from '#domain/ports/proof-queries.ts'
import { nameKey } from '#domain/user.ts'
import { sql, touched } from '#storage/sql.ts'

export const proofQueries: ProofQueries = {
  tenantVersion: tenant => sql<{ version: number }>`
    select version from tenant where tenant_number = ${tenant}`,

  // The subselects read rows that lie beside each other: all authenticators of one user.
  standing: (tenant, name, policy) => sql<Standing>`
    select t.version as "version", u.id as "user", u.active as "active",
           a.status as "status", a.start_at as "startAt", a.expiry_at as "expiryAt",
           s.started as "started", s.forgiven as "forgiven", s.last_attempt_at as "lastAttemptAt",
           s.total_success as "totalSuccess", s.challenge_count as "challengeCount",
           s.blocked_until as "blockedUntil",
           (select coalesce(sum(x.started - x.forgiven), 0) from authenticator_state x
            where x.tenant_number = u.tenant_number and x.user_id = u.id) as "failures",
           w.started - w.forgiven as "synchronisingFailures", w.last_attempt_at as "synchronisedAt",
           (select max(x.last_attempt_at) from authenticator_state x
            where x.tenant_number = u.tenant_number and x.user_id = u.id) as "userLastAttemptAt"
    from tenant t
    left join login_name l on l.tenant_number = t.tenant_number and l.name_key = ${nameKey(name)}
    left join user_account u on u.tenant_number = l.tenant_number and u.id = l.user_id
    left join user_state w on w.tenant_number = u.tenant_number and w.user_id = u.id
    left join authenticator a on a.tenant_number = u.tenant_number and a.user_id = u.id and a.policy = ${policy}
    left join authenticator_state s on s.tenant_number = a.tenant_number and s.user_id = a.user_id and s.policy = a.policy
    where t.tenant_number = ${tenant}`,

  standingOf: (tenant, user, policy) => sql<Standing>`
    select t.version as "version", u.id as "user", u.active as "active",
           a.status as "status", a.start_at as "startAt", a.expiry_at as "expiryAt",
           s.started as "started", s.forgiven as "forgiven", s.last_attempt_at as "lastAttemptAt",
           s.total_success as "totalSuccess", s.challenge_count as "challengeCount",
           s.blocked_until as "blockedUntil",
           (select coalesce(sum(x.started - x.forgiven), 0) from authenticator_state x
            where x.tenant_number = u.tenant_number and x.user_id = u.id) as "failures",
           w.started - w.forgiven as "synchronisingFailures", w.last_attempt_at as "synchronisedAt",
           (select max(x.last_attempt_at) from authenticator_state x
            where x.tenant_number = u.tenant_number and x.user_id = u.id) as "userLastAttemptAt"
    from tenant t
    left join user_account u on u.tenant_number = t.tenant_number and u.id = ${user}
    left join user_state w on w.tenant_number = u.tenant_number and w.user_id = u.id
    left join authenticator a on a.tenant_number = u.tenant_number and a.user_id = u.id and a.policy = ${policy}
    left join authenticator_state s on s.tenant_number = a.tenant_number and s.user_id = a.user_id and s.policy = a.policy
    where t.tenant_number = ${tenant}`,

  reserve: (tenant, { user, policy, limit, userLimit, at }) => sql<Slot>`
    update authenticator_state set started = started + 1, last_attempt_at = ${at}
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy} and started - forgiven < ${limit}
      and (select sum(x.started - x.forgiven) from authenticator_state x
           where x.tenant_number = ${tenant} and x.user_id = ${user}) < ${userLimit}
    returning started, forgiven`,

  reserveUser: (tenant, user, limit, at) => sql<Slot>`
    update user_state set started = started + 1, last_attempt_at = ${at}
    where tenant_number = ${tenant} and user_id = ${user} and started - forgiven < ${limit}
    returning started, forgiven`,

  candidates: (tenant, user) => sql<Candidate>`
    select d.id as "device", d.type as "deviceType", d.external_id as "deviceExternalId", d.status as "deviceStatus",
           d.start_at as "deviceStartAt", d.expiry_at as "deviceExpiryAt",
           c.id as "credential", c.type as "credentialType", c.status as "credentialStatus",
           c.start_at as "credentialStartAt", c.expiry_at as "credentialExpiryAt", c.settings as "settings", c.secret as "secret",
           s.next as "next", s.drift as "drift", s.held as "held", s.version as "stateVersion"
    from device d
    join credential c on c.tenant_number = d.tenant_number and c.device_id = d.id
    join credential_state s on s.tenant_number = c.tenant_number and s.id = c.id
    where d.tenant_number = ${tenant} and d.owner_id = ${user}
    order by d.id limit 33`,

  candidatesOf: (tenant, user, device) => sql<Candidate>`
    select d.id as "device", d.type as "deviceType", d.external_id as "deviceExternalId", d.status as "deviceStatus",
           d.start_at as "deviceStartAt", d.expiry_at as "deviceExpiryAt",
           c.id as "credential", c.type as "credentialType", c.status as "credentialStatus",
           c.start_at as "credentialStartAt", c.expiry_at as "credentialExpiryAt", c.settings as "settings", c.secret as "secret",
           s.next as "next", s.drift as "drift", s.held as "held", s.version as "stateVersion"
    from device d
    join credential c on c.tenant_number = d.tenant_number and c.device_id = d.id
    join credential_state s on s.tenant_number = c.tenant_number and s.id = c.id
    where d.tenant_number = ${tenant} and d.id = ${device} and d.owner_id = ${user}
    order by c.id limit 33`,

  openChallenges: (tenant, user, policy, at) => sql<OpenChallenge>`
    select id as "id", device_id as "device", credential_id as "credential", question as "question"
    from challenge
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy} and expires_at > ${at}
    order by id desc limit 33`,

  passwordOf: (tenant, user, policy) => sql<{ hash: string; changedAt: number; expiredChanges: number }>`
    select hash as "hash", changed_at as "changedAt", expired_changes as "expiredChanges" from password
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,

  settle: (tenant, { user, policy, own, accepted, at, channel, device, uses }) =>
    touched(
      accepted
        ? sql`
    update authenticator_state
    set forgiven = case when forgiven < ${own} then ${own} else forgiven end, consecutive_success = consecutive_success + 1,
        total_success = total_success + 1, challenge_count = 0, last_success_at = ${at}, last_success_channel = ${channel},
        last_success_device = ${device}
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}
      and total_success < ${uses < 0 ? Number.MAX_SAFE_INTEGER : uses}`
        : sql`
    update authenticator_state
    set consecutive_success = 0, total_failed = total_failed + 1, last_failure_at = ${at}, last_failure_channel = ${channel}
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,
    ),

  settleRight: (tenant, user, policy, own) => sql`
    update authenticator_state set forgiven = case when forgiven < ${own} then ${own} else forgiven end
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,

  forgiveUser: (tenant, user, own) => sql`
    update user_state set forgiven = case when forgiven < ${own} then ${own} else forgiven end
    where tenant_number = ${tenant} and user_id = ${user}`,

  advance: (tenant, credential, from, state, at) =>
    touched(sql`
    update credential_state set next = ${state.next}, drift = ${state.drift}, held = 0, version = version + 1, last_used_at = ${at}
    where tenant_number = ${tenant} and id = ${credential} and version = ${from} and next <= ${state.next}`),

  spendSignature: (tenant, credential, question, at) =>
    touched(sql`
    insert into spent_signature (tenant_number, credential_id, question, spent_at)
    values (${tenant}, ${credential}, ${question}, ${at})
    on conflict do nothing`),

  spendChallenge: (tenant, challenge) =>
    touched(sql`delete from challenge where tenant_number = ${tenant} and id = ${challenge}`),

  openChallenge: (tenant, challenge) => sql`
    insert into challenge (tenant_number, id, user_id, policy, device_id, credential_id, question, expires_at)
    values (${tenant}, ${challenge.id}, ${challenge.user}, ${challenge.policy}, ${challenge.device},
            ${challenge.credential}, ${challenge.question}, ${challenge.expiresAt})`,

  countChallenge: (tenant, user, policy, limit) => sql<{ challengeCount: number }>`
    update authenticator_state set challenge_count = challenge_count + 1
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy} and challenge_count < ${limit}
    returning challenge_count as "challengeCount"`,
}
