/** Passkeys: found by user, by handle and by their own id; made and removed with their devices. See `domain/ports/passkey-queries.ts`. */
import type { DeviceRow } from '#domain/ports/device-queries.ts'
import type { HeldPasskey, NamedPersonRow, PasskeyQueries } from '#domain/ports/passkey-queries.ts'
import { nameKey } from '#domain/user.ts'
import { type Fragment, fragment, joined, sql, touched } from '#storage/sql.ts'

const PEOPLE = fragment`
    select u.id as "user", u.external_id as "externalId", u.user_name as "userName", a.policy as "policy"
    from user_account u
    left join authenticator a on a.tenant_number = u.tenant_number and a.user_id = u.id and a.status = 'ENABLED'`

const people = (where: Fragment) => joined<NamedPersonRow>(PEOPLE, where)

export const passkeyQueries: PasskeyQueries = {
  passkeysOf: (tenant, user) => sql<HeldPasskey>`
    select d.id as "device", d.type as "deviceType", d.external_id as "deviceExternalId", d.status as "deviceStatus",
           d.start_at as "deviceStartAt", d.expiry_at as "deviceExpiryAt",
           c.id as "credential", c.type as "credentialType", c.status as "credentialStatus",
           c.start_at as "credentialStartAt", c.expiry_at as "credentialExpiryAt", c.settings as "settings", c.secret as "secret",
           s.next as "next", s.drift as "drift", s.held as "held", s.version as "stateVersion", p.handle as "handle"
    from passkey p
    join credential c on c.tenant_number = p.tenant_number and c.id = p.credential_id
    join credential_state s on s.tenant_number = c.tenant_number and s.id = c.id
    join device d on d.tenant_number = c.tenant_number and d.id = c.device_id and d.owner_id = p.user_id
    where p.tenant_number = ${tenant} and p.user_id = ${user}
    order by p.credential_id limit 50`,

  personOfHandle: (tenant, handle) =>
    people(fragment`
    where u.tenant_number = ${tenant} and u.id in
      (select user_id from passkey where tenant_number = ${tenant} and handle = ${handle})`),

  personOfKey: (tenant, externalId) =>
    people(fragment`
    where u.tenant_number = ${tenant} and u.id in
      (select p.user_id from credential c
       join passkey p on p.tenant_number = c.tenant_number and p.credential_id = c.id
       where c.tenant_number = ${tenant} and c.external_id_key = ${nameKey(externalId)})`),

  waitingDevice: (tenant, user, type) => sql<DeviceRow>`
    select d.id as "id", d.external_id as "externalId", d.type as "type", d.owner_id as "owner",
           d.friendly_name as "friendlyName", d.status as "status", d.start_at as "startAt", d.expiry_at as "expiryAt",
           d.created_at as "createdAt", d.version as "version"
    from device d
    where d.tenant_number = ${tenant} and d.owner_id = ${user} and d.type = ${type} and d.status = 'PENDING'
      and not exists (select 1 from credential c where c.tenant_number = d.tenant_number and c.device_id = d.id)
    order by d.id limit 1`,

  knownKey: (tenant, externalId) => sql<{ id: number }>`
    select id as "id" from credential where tenant_number = ${tenant} and external_id_key = ${nameKey(externalId)} limit 1`,

  addPasskey: (tenant, one) => [
    sql`
    insert into credential (tenant_number, id, device_id, external_id, external_id_key, type, status, start_at, expiry_at,
                            settings, secret, fingerprint, created_at, version)
    values (${tenant}, ${one.credential}, ${one.device}, ${one.externalId}, ${nameKey(one.externalId)}, ${one.type}, 'ACTIVE',
            ${one.at}, null, '{}', ${one.secret}, null, ${one.at}, 1)`,
    sql`
    insert into credential_state (tenant_number, id, next, drift, version, last_used_at)
    values (${tenant}, ${one.credential}, ${one.counter}, ${one.backedUp}, 1, null)`,
    sql`
    insert into passkey (tenant_number, credential_id, user_id, handle)
    values (${tenant}, ${one.credential}, ${one.user}, ${one.handle})`,
  ],

  use: (tenant, credential, { counter, backedUp, at }) =>
    touched(sql`
    update credential_state set next = ${counter}, drift = ${backedUp}, held = 0, version = version + 1, last_used_at = ${at}
    where tenant_number = ${tenant} and id = ${credential} and (next < ${counter} or (next = 0 and ${counter} = 0))`),

  removePasskeysOf: (tenant, user) => [
    sql<{ id: number }>`
    delete from device where tenant_number = ${tenant} and (owner_id = ${user} or owner_id is null) and id in
      (select c.device_id from passkey p join credential c on c.tenant_number = p.tenant_number and c.id = p.credential_id
       where p.tenant_number = ${tenant} and p.user_id = ${user})
    returning id as "id"`,
    sql<{ id: number }>`
    delete from credential where tenant_number = ${tenant} and id in
      (select credential_id from passkey where tenant_number = ${tenant} and user_id = ${user})
    returning id as "id"`,
    sql`
    delete from credential_state where tenant_number = ${tenant} and id in
      (select credential_id from passkey where tenant_number = ${tenant} and user_id = ${user})`,
    sql`delete from passkey where tenant_number = ${tenant} and user_id = ${user}`,
  ],
}
