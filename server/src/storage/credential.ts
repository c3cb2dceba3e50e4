/**
 * Credentials as administration sees them: everything but the secret. Of one that is removed the position and what it signed are
 * remembered under the fingerprint of its secret, so that the same key imported again accepts nothing twice.
 */
import type { CredentialQueries, CredentialRow, KeyPosition } from '#domain/ports/credential-queries.ts'
import { idList } from '#storage/id-list.ts'
import { fragment, joined, sql } from '#storage/sql.ts'

export const credentialQueries: CredentialQueries = {
  credentials: (tenant, ids) =>
    joined<CredentialRow>(fragment`
    select c.id as "id", c.device_id as "device", d.external_id as "deviceExternalId", c.external_id as "externalId",
           c.type as "type", c.status as "status", c.start_at as "startAt", c.expiry_at as "expiryAt",
           c.created_at as "createdAt", c.version as "version"
    from credential c
    join device d on d.tenant_number = c.tenant_number and d.id = c.device_id
    where c.tenant_number = ${tenant} and c.id in ${idList(ids)} order by c.id`),

  heldCredential: (tenant, id) => sql<{ version: number }>`
    select version as "version" from credential where tenant_number = ${tenant} and id = ${id} /* for update */`,

  positionsOf: (tenant, device) => sql<KeyPosition>`
    select c.id as "credential", c.type as "type", c.settings as "settings", s.next as "next", s.drift as "drift",
           s.version as "stateVersion"
    from credential c
    join credential_state s on s.tenant_number = c.tenant_number and s.id = c.id
    where c.tenant_number = ${tenant} and c.device_id = ${device} order by c.id limit 100`,

  replaceCredential: (tenant, one, version) => sql<{ version: number }>`
    update credential
    set status = ${one.status}, start_at = ${one.startAt_ms}, expiry_at = ${one.expiryAt_ms}, version = version + 1
    where tenant_number = ${tenant} and id = ${one.id} and version = ${version} returning version`,

  removeCredential: (tenant, id) => [
    sql`
    insert into retired_key (tenant_number, fingerprint, type, credential_id, next, drift)
    select c.tenant_number, c.fingerprint, c.type, c.id, s.next, s.drift
    from credential c join credential_state s on s.tenant_number = c.tenant_number and s.id = c.id
    where c.tenant_number = ${tenant} and c.id = ${id} and c.fingerprint is not null
    on conflict (tenant_number, fingerprint, type) do update
      set credential_id = excluded.credential_id, drift = excluded.drift,
          next = case when excluded.next > retired_key.next then excluded.next else retired_key.next end`,
    sql`delete from credential_state where tenant_number = ${tenant} and id = ${id}`,
    sql`delete from passkey where tenant_number = ${tenant} and credential_id = ${id}`,
    sql<{ id: number }>`delete from credential where tenant_number = ${tenant} and id = ${id} returning id as "id"`,
  ],

  removeCredentialsOf: (tenant, device) => [
    sql`
    insert into retired_key (tenant_number, fingerprint, type, credential_id, next, drift)
    select c.tenant_number, c.fingerprint, c.type, c.id, s.next, s.drift
    from credential c join credential_state s on s.tenant_number = c.tenant_number and s.id = c.id
    where c.tenant_number = ${tenant} and c.device_id = ${device} and c.fingerprint is not null
    on conflict (tenant_number, fingerprint, type) do update
      set credential_id = excluded.credential_id, drift = excluded.drift,
          next = case when excluded.next > retired_key.next then excluded.next else retired_key.next end`,
    sql`
    delete from credential_state where tenant_number = ${tenant} and id in
      (select id from credential where tenant_number = ${tenant} and device_id = ${device})`,
    sql`
    delete from passkey where tenant_number = ${tenant} and credential_id in
      (select id from credential where tenant_number = ${tenant} and device_id = ${device})`,
    sql<{ id: number }>`
    delete from credential where tenant_number = ${tenant} and device_id = ${device} returning id as "id"`,
  ],
}
