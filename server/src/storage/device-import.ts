/**
 * Imports: the job's row, the staged credentials, and the flip that makes devices of them in a few statements, however many
 * there are. Surprises: a credential's external id is its device's with the code of its type behind it
 * (`0973494699-1CT_AIOE`), because two keys of one device need two; and a file's dates and status are the device's alone, so
 * that whoever later moves those of the device need not move those of its keys too.
 */
import type { ImportQueries, ImportRow, StagedCredential } from '#domain/ports/import-queries.ts'
import { Fault } from '#domain/refusal.ts'
import { nameKey } from '#domain/user.ts'
import { manyRows } from '#storage/many-rows.ts'
import { type Fragment, fragment, joined, separated, sql } from '#storage/sql.ts'

type Staged = { readonly tenant: number; readonly importId: number; readonly row: StagedCredential }

const stageRows = manyRows<Staged>({
  name: 'device_staging',
  before: `insert into device_staging (tenant_number, import_id, device_id, credential_id, external_id, external_id_key,
    device_type, friendly_name, status, start_at, expiry_at, credential_type, settings, secret, fingerprint, next, drift) values`,
  width: 17,
  values: ({ tenant, importId, row }) => [
    tenant,
    importId,
    row.deviceId,
    row.credentialId,
    row.externalId,
    nameKey(row.externalId),
    row.deviceType,
    row.friendlyName,
    row.status,
    row.startAt,
    row.expiryAt,
    row.credentialType,
    row.settings,
    row.secret,
    row.fingerprint,
    row.next,
    row.drift,
  ],
})

const LENGTHS = [1, 4, 20, 60]

/** `(a, b, c)`, padded to one of few lengths, so that few texts are made. */
function keyList(externalIds: readonly string[]): Fragment {
  const length = LENGTHS.find(one => one >= externalIds.length)
  if (length === undefined) throw new Fault('a list of external ids is too long')
  const last = externalIds.at(-1) ?? ''
  const places = Array.from({ length }, (_, n) => fragment`${nameKey(externalIds[n] ?? last)}`)
  return fragment`(${separated(fragment`, `, places)})`
}

export const importQueries: ImportQueries = {
  begin: (tenant, row) => sql`
    insert into device_import (tenant_number, id, status, file_name, device_count, report, created_at, finished_at)
    values (${tenant}, ${row.id}, ${row.status}, ${row.fileName}, ${row.deviceCount}, ${row.report}, ${row.createdAt},
            ${row.finishedAt})`,

  findImport: (tenant, importId) => sql<ImportRow>`
    select id as "id", status as "status", file_name as "fileName", device_count as "deviceCount", report as "report",
           created_at as "createdAt", finished_at as "finishedAt"
    from device_import where tenant_number = ${tenant} and id = ${importId}`,

  pending: (tenant, before) => sql<ImportRow>`
    select id as "id", status as "status", file_name as "fileName", device_count as "deviceCount", report as "report",
           created_at as "createdAt", finished_at as "finishedAt"
    from device_import where tenant_number = ${tenant} and status = 'PENDING' and created_at < ${before}
    order by id limit 100`,

  existing: (tenant, deviceType, externalIds) =>
    joined<{ externalId: string }>(fragment`
    select external_id as "externalId" from device
    where tenant_number = ${tenant} and external_id_key in ${keyList(externalIds)} and type = ${deviceType}`),

  // The counter's row is there from now on, for `collisions` to hold.
  stage: (tenant, importId, rows) => [
    sql`
    insert into tenant_counter (tenant_number, noun, total) values (${tenant}, 'device', 0) on conflict do nothing`,
    ...stageRows(rows.map(row => ({ tenant, importId, row }))),
  ],

  // Holds the counter of devices until the unit ends, as everybody does who makes one. What was committed while this
  // statement waited for it is seen only by the next: `settle` looks once more.
  collisions: (tenant, importId) => sql<{ total: number }>`
    select (select count(distinct s.device_id) from device_staging s
            join device d on d.tenant_number = s.tenant_number and d.external_id_key = s.external_id_key
                         and d.type = s.device_type
            where s.tenant_number = ${tenant} and s.import_id = ${importId}) as "total"
    from tenant_counter where tenant_number = ${tenant} and noun = 'device' /* for update */`,

  flip: (tenant, importId, deviceCount, now) => [
    sql`
    insert into tenant_counter (tenant_number, noun, total) values (${tenant}, 'device', ${deviceCount})
    on conflict (tenant_number, noun) do update set total = tenant_counter.total + excluded.total`,
    sql`
    insert into tenant_counter (tenant_number, noun, total)
    select tenant_number, 'credential', count(*) from device_staging
    where tenant_number = ${tenant} and import_id = ${importId} group by tenant_number
    on conflict (tenant_number, noun) do update set total = tenant_counter.total + excluded.total`,
    sql`
    insert into device (tenant_number, id, external_id, external_id_key, type, friendly_name, status, start_at, expiry_at,
                        created_at, version)
    select tenant_number, device_id, external_id, external_id_key, device_type, friendly_name, status, start_at, expiry_at,
           ${now}, 1
    from device_staging where tenant_number = ${tenant} and import_id = ${importId}
    group by tenant_number, device_id, external_id, external_id_key, device_type, friendly_name, status, start_at, expiry_at`,
    sql`
    insert into credential (tenant_number, id, device_id, external_id, external_id_key, type, status, start_at, settings,
                            secret, fingerprint, created_at, version)
    select tenant_number, credential_id, device_id, external_id || credential_type,
           external_id_key || lower(credential_type), credential_type, 'ACTIVE', ${now}, settings, secret,
           fingerprint, ${now}, 1
    from device_staging where tenant_number = ${tenant} and import_id = ${importId}`,
    sql`
    insert into credential_state (tenant_number, id, next, drift, version)
    select d.tenant_number, d.credential_id, case when r.next > d.next then r.next else d.next end,
           coalesce(r.drift, d.drift), 1
    from device_staging d
    left join retired_key r
      on r.tenant_number = d.tenant_number and r.fingerprint = d.fingerprint and r.type = d.credential_type
    where d.tenant_number = ${tenant} and d.import_id = ${importId}`,
    // A key that comes back goes on where it stood: what it signed before stays signed.
    sql`
    insert into spent_signature (tenant_number, credential_id, question, spent_at)
    select d.tenant_number, d.credential_id, s.question, s.spent_at
    from device_staging d
    join retired_key r on r.tenant_number = d.tenant_number and r.fingerprint = d.fingerprint and r.type = d.credential_type
    join spent_signature s on s.tenant_number = r.tenant_number and s.credential_id = r.credential_id
    where d.tenant_number = ${tenant} and d.import_id = ${importId}
    on conflict do nothing`,
    sql`delete from device_staging where tenant_number = ${tenant} and import_id = ${importId}`,
  ],

  discard: (tenant, importId) => [
    sql`delete from device_staging where tenant_number = ${tenant} and import_id = ${importId}`,
  ],

  settle: (tenant, row) => sql<{ id: number }>`
    update device_import
    set status = ${row.status}, device_count = ${row.deviceCount}, report = ${row.report}, finished_at = ${row.finishedAt}
    where tenant_number = ${tenant} and id = ${row.id} and status = 'PENDING' and (${row.status} <> 'SUCCESS' or not exists
      (select 1 from device_staging s
       join device d on d.tenant_number = s.tenant_number and d.external_id_key = s.external_id_key
                    and d.type = s.device_type
       where s.tenant_number = ${tenant} and s.import_id = ${row.id}))
    returning id as "id"`,
}
