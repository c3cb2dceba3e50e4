/**
 * The outbox and its trace. A lease is fair: it visits every tenant that has rows waiting, looks at the 200 longest due of each, and
 * takes no more than 4 of a destination and 16 of a tenant, those counted that any node holds already. Surprise: only the first
 * statement here goes over all tenants; it is a job's.
 */
import type { OutboxQueries, OutboxRow, OutboxTrace } from '#domain/ports/outbox-queries.ts'
import { sql, touched } from '#storage/sql.ts'

export const outboxQueries: OutboxQueries = {
  add: (tenant, row) => sql`
    insert into outbox (tenant_number, id, kind, subject, destination, state, body, due_at, not_after, lease_until,
                        attempt, created_at, done_at)
    values (${tenant}, ${row.id}, ${row.kind}, ${row.subject}, ${row.destination}, 'WAITING', ${row.body ?? null}, ${row.dueAt},
            ${row.notAfter}, 0, 0, ${row.createdAt}, null)`,

  lease: (now, leaseUntil, limit) => sql<OutboxRow>`
    with recursive tenants (n) as (
      select min(tenant_number) from outbox where state = 'WAITING'
      union all
      select (select min(o.tenant_number) from outbox o where o.state = 'WAITING' and o.tenant_number > t.n)
      from tenants t where t.n is not null
    ), near as (
      select o.tenant_number, o.id, o.due_at, case when o.lease_until > ${now} then 1 else 0 end as held,
             row_number() over (partition by o.tenant_number, o.destination
                                order by case when o.lease_until > ${now} then 0 else 1 end, o.due_at, o.id) as nth
      from tenants t join outbox o on o.tenant_number = t.n and o.id in
        (select w.id from outbox w where w.tenant_number = t.n and w.state = 'WAITING' and w.due_at <= ${now}
         order by w.due_at limit 200)
    ), placed as (
      select tenant_number, id, due_at, held,
             row_number() over (partition by tenant_number order by held desc, due_at, id) as place
      from near where nth <= 4
    ), chosen as (
      select tenant_number, id from placed where held = 0 and place <= 16 order by place, due_at limit ${limit}
    )
    update outbox set lease_until = ${leaseUntil}, attempt = attempt + 1
    where (tenant_number, id) in
      (select o.tenant_number, o.id from outbox o
       where (o.tenant_number, o.id) in (select tenant_number, id from chosen)
         and o.state = 'WAITING' and o.due_at <= ${now} and o.lease_until <= ${now} /* for update skip locked */)
    returning tenant_number as "tenant", id as "id", kind as "kind", subject as "subject", destination as "destination",
              state as "state", body as "body", due_at as "dueAt", not_after as "notAfter", lease_until as "leaseUntil",
              attempt as "attempt", created_at as "createdAt", done_at as "doneAt"`,

  keepBody: (tenant, id, attempt, body) =>
    touched(sql`
    update outbox set body = ${body}
    where tenant_number = ${tenant} and id = ${id} and attempt = ${attempt} and state = 'WAITING' and body is null`),

  settle: (tenant, id, attempt, { state, dueAt, at }) =>
    touched(sql`
    update outbox set state = ${state}, due_at = ${dueAt}, lease_until = 0,
                      done_at = case when ${state} = 'WAITING' then null else cast(${at} as bigint) end,
                      body = case when ${state} in ('WAITING', 'GAVE_UP') then body else null end
    where tenant_number = ${tenant} and id = ${id} and attempt = ${attempt} and state = 'WAITING'`),

  addTrace: (tenant, trace) => sql`
    insert into outbox_trace (tenant_number, outbox_id, attempt, at, outcome, status)
    values (${tenant}, ${trace.outbox}, ${trace.attempt}, ${trace.at}, ${trace.outcome}, ${trace.status})`,

  about: (tenant, kind, subject) => sql<OutboxRow>`
    select tenant_number as "tenant", id as "id", kind as "kind", subject as "subject", destination as "destination",
           state as "state", body as "body", due_at as "dueAt", not_after as "notAfter", lease_until as "leaseUntil",
           attempt as "attempt", created_at as "createdAt", done_at as "doneAt"
    from outbox where tenant_number = ${tenant} and subject = ${subject} and kind = ${kind} order by id desc limit 1`,

  traceOf: (tenant, subject) => sql<OutboxTrace>`
    select t.outbox_id as "outbox", o.kind as "kind", t.attempt as "attempt", t.at as "at", t.outcome as "outcome",
           t.status as "status"
    from outbox o join outbox_trace t on t.tenant_number = o.tenant_number and t.outbox_id = o.id
    where o.tenant_number = ${tenant} and o.subject = ${subject}
    order by t.at desc, t.outbox_id desc, t.attempt desc limit 100`,

  finish: (tenant, id, at) =>
    touched(sql`
    update outbox set state = 'DONE', done_at = ${at}, lease_until = 0, body = null
    where tenant_number = ${tenant} and id = ${id} and state in ('WAITING', 'GAVE_UP')`),

  forgetBodies: (tenant, now) => sql`
    update outbox set body = null where tenant_number = ${tenant} and body is not null and not_after < ${now}`,

  dropDone: (tenant, floor) => sql<{ id: number }>`
    delete from outbox where tenant_number = ${tenant} and id in
      (select id from outbox where tenant_number = ${tenant} and id < ${floor} and state <> 'WAITING' order by id limit 500)
    returning id as "id"`,

  dropTraces: (tenant, floor) => sql`
    delete from outbox_trace where tenant_number = ${tenant} and outbox_id in
      (select t.outbox_id
       from (select distinct outbox_id from outbox_trace
             where tenant_number = ${tenant} and outbox_id < ${floor} order by outbox_id limit 500) t
       left join outbox o on o.tenant_number = ${tenant} and o.id = t.outbox_id where o.id is null)`,
}
