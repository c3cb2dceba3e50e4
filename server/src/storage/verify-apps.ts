/** The apps behind devices, what these have counted, and the trace of what was sent. */
import type { StoreCheck, VerifiedRow } from '#domain/ports/verify-queries.ts'
import { sql } from '#storage/sql.ts'

export const verifyApps: readonly StoreCheck[] = [
  {
    table: 'app',
    sentence: 'The app is behind no device, or nothing tells which numbers it has used.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.device_id as "n", '' as "t", case when d.id is null or s.device_id is null then 1 else 0 end as "wrong"
      from (select device_id from app
            where tenant_number = ${tenant} and device_id > ${after.n} order by device_id limit ${limit}) p
      left join device d on d.tenant_number = ${tenant} and d.id = p.device_id
      left join app_state s on s.tenant_number = ${tenant} and s.device_id = p.device_id order by p.device_id`,
  },
  {
    table: 'app_state',
    sentence: 'The numbers belong to no app, or one of them is negative.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.device_id as "n", '' as "t",
             case when a.device_id is null or p.call_counter < 0 or p.tx_counter < 0 then 1 else 0 end as "wrong"
      from (select device_id, call_counter, tx_counter from app_state
            where tenant_number = ${tenant} and device_id > ${after.n} order by device_id limit ${limit}) p
      left join app a on a.tenant_number = ${tenant} and a.device_id = p.device_id order by p.device_id`,
  },
  {
    table: 'outbox_trace',
    sentence: 'The trace is of something that was never to be sent.',
    rows: (tenant, after, limit) => sql<VerifiedRow>`
      select p.outbox_id as "n", '' as "t", case when o.id is null then 1 else 0 end as "wrong"
      from (select distinct outbox_id from outbox_trace
            where tenant_number = ${tenant} and outbox_id > ${after.n} order by outbox_id limit ${limit}) p
      left join outbox o on o.tenant_number = ${tenant} and o.id = p.outbox_id order by p.outbox_id`,
  },
]
