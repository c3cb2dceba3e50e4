/**
 * Rules over the rows of a store, each as one text for both engines: a page of the table by its key, joined to what must be
 * there, and whether each row breaks the rule. A page is one statement, so what it sees is of one moment.
 */
import type { VerifyQueries } from '#domain/ports/verify-queries.ts'
import { Fault } from '#domain/refusal.ts'
import { sql } from '#storage/sql.ts'
import { verifyApps } from '#storage/verify-apps.ts'
import { verifyDevices } from '#storage/verify-devices.ts'
import { verifyHappenings } from '#storage/verify-happenings.ts'
import { verifyUsers } from '#storage/verify-users.ts'

const TABLES = [
  'user_account',
  'login_name',
  'user_state',
  'user_attribute',
  'user_role',
  'client',
  'authenticator',
  'authenticator_state',
  'password',
  'device',
  'credential',
  'credential_state',
  'spent_signature',
  'retired_key',
  'challenge',
  'oob',
  'oob_code',
  'session',
  'device_staging',
  'tenant_key',
  'signing_key',
  'configuration_override',
  'provision',
  'provision_attempt',
  'app',
  'app_state',
  'app_notice',
  'approval',
  'initiator_pause',
  'ec_key',
  'outbox',
  'outbox_trace',
  'login',
  'login_try',
  'consent',
  'passkey',
  'workflow_pin',
] as const

export const verifyQueries: VerifyQueries = {
  checks: [...verifyUsers, ...verifyDevices, ...verifyApps, ...verifyHappenings],

  totals: tenant => sql<{ noun: string; kept: number; counted: number }>`
    select found.noun as "noun", coalesce(c.total, 0) as "kept", found.counted as "counted" from
      (select 'user' as noun, count(*) as counted from user_account where tenant_number = ${tenant}
       union all select 'device', count(*) from device where tenant_number = ${tenant}
       union all select 'credential', count(*) from credential where tenant_number = ${tenant}
       union all select 'authenticator', count(*) from authenticator where tenant_number = ${tenant}) found
    left join tenant_counter c on c.tenant_number = ${tenant} and c.noun = found.noun
    where coalesce(c.total, 0) <> found.counted`,

  highest: tenant => sql<{ noun: string; highest: number | null; nextId: number }>`
    select found.noun as "noun", found.highest as "highest", t.next_id as "nextId" from
      (select 'user_account' as noun, max(id) as highest from user_account where tenant_number = ${tenant}
       union all select 'device', max(id) from device where tenant_number = ${tenant}
       union all select 'credential', max(id) from credential where tenant_number = ${tenant}
       union all select 'device_import', max(id) from device_import where tenant_number = ${tenant}) found
    join tenant t on t.tenant_number = ${tenant}
    where found.highest >= t.next_id`,

  sealedAfter: (tenant, id, limit) => sql<{ id: number; secret: Uint8Array }>`
    select id as "id", secret as "secret" from credential
    where tenant_number = ${tenant} and id > ${id} order by id limit ${limit}`,

  tables: TABLES,

  nextTenantIn(table, after) {
    if (!TABLES.some(one => one === table)) throw new Fault(`${table} is not a table of tenants`)
    const text = `select min(tenant_number) as "tenant" from ${table} where tenant_number > ?1`
    return { name: `w_verify_tenant_in_${table}`, text, values: [after] }
  },
}
