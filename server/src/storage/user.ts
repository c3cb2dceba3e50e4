/**
 * Users: the wide row, the names they sign in with, attributes, roles and the narrow row of attempts. Pages are loaded by
 * lists of ids, one query per kind of row. Removing one leaves his sessions (they end) and his devices (nobody's).
 */
import type {
  UserAttributeRow,
  UserDeviceRow,
  UserPolicyRow,
  UserQueries,
  UserRoleRow,
  UserRow,
} from '#domain/ports/user-queries.ts'
import { nameKey } from '#domain/user.ts'
import { idList } from '#storage/id-list.ts'
import { fragment, joined, sql } from '#storage/sql.ts'

export const userQueries: UserQueries = {
  heldUser: (tenant, id) => sql<UserRow>`
    select id as "id", external_id as "externalId", user_name as "userName", group_code as "group", active as "active",
           family_name as "familyName", given_name as "givenName", title as "title", created_at as "createdAt",
           version as "version"
    from user_account where tenant_number = ${tenant} and id = ${id} /* for update */`,

  users: (tenant, ids) =>
    joined<UserRow>(fragment`
    select id as "id", external_id as "externalId", user_name as "userName", group_code as "group", active as "active",
           family_name as "familyName", given_name as "givenName", title as "title", created_at as "createdAt",
           version as "version"
    from user_account where tenant_number = ${tenant} and id in ${idList(ids)} order by id`),

  attributesOf: (tenant, ids) =>
    joined<UserAttributeRow>(fragment`
    select user_id as "user", name as "name", value as "value" from user_attribute
    where tenant_number = ${tenant} and user_id in ${idList(ids)} order by user_id, name`),

  rolesOf: (tenant, ids) =>
    joined<UserRoleRow>(fragment`
    select user_id as "user", role as "role" from user_role
    where tenant_number = ${tenant} and user_id in ${idList(ids)} order by user_id, role`),

  policiesOf: (tenant, ids) =>
    joined<UserPolicyRow>(fragment`
    select user_id as "user", policy as "policy" from authenticator
    where tenant_number = ${tenant} and user_id in ${idList(ids)} order by user_id, policy`),

  devicesOf: (tenant, ids) =>
    joined<UserDeviceRow>(fragment`
    select d.owner_id as "user", d.id as "id", d.external_id as "externalId", d.friendly_name as "friendlyName",
           (select max(s.last_used_at) from credential c
            join credential_state s on s.tenant_number = c.tenant_number and s.id = c.id
            where c.tenant_number = d.tenant_number and c.device_id = d.id) as "lastSuccessAt"
    from device d where d.tenant_number = ${tenant} and d.owner_id in ${idList(ids)} order by d.owner_id, d.id`),

  userNamed: (tenant, name) => sql<{ user: number }>`
    select user_id as "user" from login_name where tenant_number = ${tenant} and name_key = ${nameKey(name)}`,

  claimName: (tenant, name, user) => sql<{ user: number }>`
    insert into login_name (tenant_number, name_key, user_id) values (${tenant}, ${nameKey(name)}, ${user})
    on conflict do nothing returning user_id as "user"`,

  releaseName: (tenant, name, user) => sql`
    delete from login_name where tenant_number = ${tenant} and name_key = ${nameKey(name)} and user_id = ${user}`,

  addUser: (tenant, user) => [
    sql`
    insert into user_account (tenant_number, id, external_id, external_id_key, user_name, user_name_key, group_code, active,
                              family_name, given_name, title, created_at, version)
    values (${tenant}, ${user.id}, ${user.externalId}, ${nameKey(user.externalId)}, ${user.userName},
            ${nameKey(user.userName)}, ${user.group}, ${user.active}, ${user.familyName}, ${user.givenName}, ${user.title},
            ${user.createdAt_ms}, ${user.version})`,
    sql`
    insert into user_state (tenant_number, user_id, started, forgiven, last_attempt_at)
    values (${tenant}, ${user.id}, 0, 0, null)`,
  ],

  replaceUser: (tenant, user, version) => sql<{ version: number }>`
    update user_account
    set external_id = ${user.externalId}, external_id_key = ${nameKey(user.externalId)}, user_name = ${user.userName},
        user_name_key = ${nameKey(user.userName)}, group_code = ${user.group}, active = ${user.active},
        family_name = ${user.familyName}, given_name = ${user.givenName}, title = ${user.title}, version = version + 1
    where tenant_number = ${tenant} and id = ${user.id} and version = ${version} returning version`,

  setAttribute: (tenant, user, name, value) => sql`
    insert into user_attribute (tenant_number, user_id, name, value, value_key)
    values (${tenant}, ${user}, ${name}, ${value}, ${nameKey(value)})
    on conflict (tenant_number, user_id, name) do update set value = excluded.value, value_key = excluded.value_key`,

  removeAttribute: (tenant, user, name) => sql`
    delete from user_attribute where tenant_number = ${tenant} and user_id = ${user} and name = ${name}`,

  addRole: (tenant, user, role) => sql`
    insert into user_role (tenant_number, user_id, role) values (${tenant}, ${user}, ${role}) on conflict do nothing`,

  removeRole: (tenant, user, role) => sql`
    delete from user_role where tenant_number = ${tenant} and user_id = ${user} and role = ${role}`,

  noteClientChange: (tenant, user) => sql`
    update tenant set version = version + 1
    where tenant_number = ${tenant} and exists (select 1 from client where tenant_number = ${tenant} and user_id = ${user})`,

  removeUser: (tenant, user, version) => [
    sql<{ id: number }>`
    delete from user_account where tenant_number = ${tenant} and id = ${user} and version = ${version} returning id`,
    sql`update device set owner_id = null, version = version + 1 where tenant_number = ${tenant} and owner_id = ${user}`,
    sql`delete from user_attribute where tenant_number = ${tenant} and user_id = ${user}`,
    sql`delete from user_role where tenant_number = ${tenant} and user_id = ${user}`,
    sql`delete from user_state where tenant_number = ${tenant} and user_id = ${user}`,
    sql`delete from consent where tenant_number = ${tenant} and (user_id = ${user} or client_id in
      (select client_id from client where tenant_number = ${tenant} and user_id = ${user}))`,
    sql`delete from client where tenant_number = ${tenant} and user_id = ${user}`,
  ],
}
