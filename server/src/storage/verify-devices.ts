/** Devices, the keys in them, how far these have come, and what was signed with them. */
import type { StoreCheck, VerifiedRow } from '#domain/ports/verify-queries.ts'
import { sql } from '#storage/sql.ts'

export const verifyDevices: readonly StoreCheck[] = [
  {
    table: 'device',
    sentence: 'The device belongs to a user who is not there.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.id as "n", '' as "t", case when p.owner_id is not null and u.id is null then 1 else 0 end as "wrong"
      from (select id, owner_id from device
            where tenant_number = ${tenant} and id > ${after.n} order by id limit ${limit}) p
      left join user_account u on u.tenant_number = ${tenant} and u.id = p.owner_id order by p.id`,
  },
  {
    table: 'credential',
    sentence: 'The key is in no device, or nothing tells how far it has come.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.id as "n", '' as "t", case when d.id is null or s.id is null then 1 else 0 end as "wrong"
      from (select id, device_id from credential
            where tenant_number = ${tenant} and id > ${after.n} order by id limit ${limit}) p
      left join device d on d.tenant_number = ${tenant} and d.id = p.device_id
      left join credential_state s on s.tenant_number = ${tenant} and s.id = p.id order by p.id`,
  },
  {
    table: 'credential_state',
    sentence: 'The state belongs to no key, or its counter is negative.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.id as "n", '' as "t", case when c.id is null or p.next < 0 then 1 else 0 end as "wrong"
      from (select id, next from credential_state
            where tenant_number = ${tenant} and id > ${after.n} order by id limit ${limit}) p
      left join credential c on c.tenant_number = ${tenant} and c.id = p.id order by p.id`,
  },
  {
    table: 'passkey',
    sentence: 'The passkey is no credential, or was made for a user who is not there.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.credential_id as "n", '' as "t", case when c.id is null or u.id is null then 1 else 0 end as "wrong"
      from (select credential_id, user_id from passkey
            where tenant_number = ${tenant} and credential_id > ${after.n} order by credential_id limit ${limit}) p
      left join credential c on c.tenant_number = ${tenant} and c.id = p.credential_id
      left join user_account u on u.tenant_number = ${tenant} and u.id = p.user_id order by p.credential_id`,
  },
  {
    table: 'device_staging',
    sentence: 'The row was staged by an import that has ended.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.credential_id as "n", '' as "t",
             case when i.id is null or i.status <> 'PENDING' then 1 else 0 end as "wrong"
      from (select import_id, credential_id from device_staging
            where tenant_number = ${tenant} and credential_id > ${after.n} order by credential_id limit ${limit}) p
      left join device_import i on i.tenant_number = ${tenant} and i.id = p.import_id order by p.credential_id`,
  },
]
