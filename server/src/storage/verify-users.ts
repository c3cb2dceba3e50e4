/** Users, the names they sign in with, their attempts, attributes, roles, clients, authenticators and passwords. */
import type { StoreCheck, VerifiedRow } from '#domain/ports/verify-queries.ts'
import { sql } from '#storage/sql.ts'

export const verifyUsers: readonly StoreCheck[] = [
  {
    table: 'user_account',
    sentence: 'The user has no row of attempts, or one of his two names is not his to sign in with.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.id as "n", '' as "t",
             case when s.user_id is null or e.user_id is null or e.user_id <> p.id or n.user_id is null or n.user_id <> p.id
                  then 1 else 0 end as "wrong"
      from (select id, external_id_key, user_name_key from user_account
            where tenant_number = ${tenant} and id > ${after.n} order by id limit ${limit}) p
      left join user_state s on s.tenant_number = ${tenant} and s.user_id = p.id
      left join login_name e on e.tenant_number = ${tenant} and e.name_key = p.external_id_key
      left join login_name n on n.tenant_number = ${tenant} and n.name_key = p.user_name_key
      order by p.id`,
  },
  {
    table: 'user_state',
    sentence: 'The attempts belong to no user, or more are forgiven than were started.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.user_id as "n", '' as "t",
             case when u.id is null or p.forgiven < 0 or p.started < p.forgiven then 1 else 0 end as "wrong"
      from (select user_id, started, forgiven from user_state
            where tenant_number = ${tenant} and user_id > ${after.n} order by user_id limit ${limit}) p
      left join user_account u on u.tenant_number = ${tenant} and u.id = p.user_id order by p.user_id`,
  },
  {
    table: 'login_name',
    sentence: 'The name belongs to no user, or to one who is called otherwise.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select 0 as "n", p.name_key as "t",
             case when u.id is null or (u.external_id_key <> p.name_key and u.user_name_key <> p.name_key)
                  then 1 else 0 end as "wrong"
      from (select name_key, user_id from login_name
            where tenant_number = ${tenant} and name_key > ${after.t} order by name_key limit ${limit}) p
      left join user_account u on u.tenant_number = ${tenant} and u.id = p.user_id order by p.name_key`,
  },
  {
    table: 'user_attribute',
    sentence: 'The attribute belongs to no user.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.user_id as "n", p.name as "t", case when u.id is null then 1 else 0 end as "wrong"
      from (select user_id, name from user_attribute where tenant_number = ${tenant} and (user_id, name) > (${after.n}, ${after.t})
            order by user_id, name limit ${limit}) p
      left join user_account u on u.tenant_number = ${tenant} and u.id = p.user_id order by p.user_id, p.name`,
  },
  {
    table: 'user_role',
    sentence: 'The role belongs to no user.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.user_id as "n", p.role as "t", case when u.id is null then 1 else 0 end as "wrong"
      from (select user_id, role from user_role where tenant_number = ${tenant} and (user_id, role) > (${after.n}, ${after.t})
            order by user_id, role limit ${limit}) p
      left join user_account u on u.tenant_number = ${tenant} and u.id = p.user_id order by p.user_id, p.role`,
  },
  {
    table: 'client',
    sentence: 'The client has no user that stands for it.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select 0 as "n", p.client_id as "t", case when u.id is null then 1 else 0 end as "wrong"
      from (select client_id, user_id from client
            where tenant_number = ${tenant} and client_id > ${after.t} order by client_id limit ${limit}) p
      left join user_account u on u.tenant_number = ${tenant} and u.id = p.user_id order by p.client_id`,
  },
  {
    table: 'authenticator',
    sentence: 'The authenticator has no user or no row of attempts.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.user_id as "n", p.policy as "t",
             case when u.id is null or s.user_id is null then 1 else 0 end as "wrong"
      from (select user_id, policy from authenticator
            where tenant_number = ${tenant} and (user_id, policy) > (${after.n}, ${after.t})
            order by user_id, policy limit ${limit}) p
      left join user_account u on u.tenant_number = ${tenant} and u.id = p.user_id
      left join authenticator_state s on s.tenant_number = ${tenant} and s.user_id = p.user_id and s.policy = p.policy
      order by p.user_id, p.policy`,
  },
  {
    table: 'authenticator_state',
    sentence: 'The attempts belong to no authenticator, more are forgiven than were started, or a count is negative.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.user_id as "n", p.policy as "t",
             case when a.user_id is null or p.forgiven < 0 or p.started < p.forgiven or p.total_success < 0
                       or p.total_failed < 0 or p.consecutive_success > p.total_success or p.challenge_count < 0
                  then 1 else 0 end as "wrong"
      from (select user_id, policy, started, forgiven, total_success, total_failed, consecutive_success, challenge_count
            from authenticator_state
            where tenant_number = ${tenant} and (user_id, policy) > (${after.n}, ${after.t})
            order by user_id, policy limit ${limit}) p
      left join authenticator a on a.tenant_number = ${tenant} and a.user_id = p.user_id and a.policy = p.policy
      order by p.user_id, p.policy`,
  },
  {
    table: 'password',
    sentence: 'The password belongs to no authenticator.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.user_id as "n", p.policy as "t", case when a.user_id is null then 1 else 0 end as "wrong"
      from (select user_id, policy from password
            where tenant_number = ${tenant} and (user_id, policy) > (${after.n}, ${after.t})
            order by user_id, policy limit ${limit}) p
      left join authenticator a on a.tenant_number = ${tenant} and a.user_id = p.user_id and a.policy = p.policy
      order by p.user_id, p.policy`,
  },
  {
    table: 'oob',
    sentence: 'The registration for codes by mail or SMS belongs to no authenticator.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.user_id as "n", p.policy as "t", case when a.user_id is null then 1 else 0 end as "wrong"
      from (select user_id, policy from oob
            where tenant_number = ${tenant} and (user_id, policy) > (${after.n}, ${after.t})
            order by user_id, policy limit ${limit}) p
      left join authenticator a on a.tenant_number = ${tenant} and a.user_id = p.user_id and a.policy = p.policy
      order by p.user_id, p.policy`,
  },
  {
    table: 'oob_code',
    sentence: 'The code belongs to nobody who is registered.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.user_id as "n", p.policy as "t", case when o.user_id is null then 1 else 0 end as "wrong"
      from (select user_id, policy from oob_code
            where tenant_number = ${tenant} and (user_id, policy) > (${after.n}, ${after.t})
            order by user_id, policy limit ${limit}) p
      left join oob o on o.tenant_number = ${tenant} and o.user_id = p.user_id and o.policy = p.policy
      order by p.user_id, p.policy`,
  },
]
