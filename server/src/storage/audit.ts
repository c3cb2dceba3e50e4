/** The audit's rows: events, personal values, runs, and the tree over them. What each is for: domain/ports/audit-log.ts. */
import type {
  AuditCheckpoint,
  AuditHead,
  AuditLog,
  AuditPersonal,
  AuditRun,
  AuditSeal,
  AuditSubtree,
  NumberedEvent,
  SealedEvent,
  UnsealedEvent,
} from '#domain/ports/audit-log.ts'
import { manyRows } from '#storage/many-rows.ts'
import { sql } from '#storage/sql.ts'

export const auditLog: AuditLog = {
  addEvent: e => sql`
    insert into audit_event (tenant_number, id, run, number, leaf, salt, mac, body)
    values (${e.tenant}, ${e.id}, ${e.run}, ${e.number}, ${e.leaf}, ${e.salt}, ${e.mac}, ${e.body})`,

  addEventIfFree: e => sql<{ number: number }>`
    insert into audit_event (tenant_number, id, run, number, leaf, salt, mac, body)
    values (${e.tenant}, ${e.id}, ${e.run}, ${e.number}, ${e.leaf}, ${e.salt}, ${e.mac}, ${e.body})
    on conflict (run, number) do nothing returning number`,

  addPersonal: manyRows<AuditPersonal>({
    name: 'add_audit_personal',
    before: 'insert into audit_personal (tenant_number, event_id, name, user_id, value, salt) values',
    width: 6,
    values: row => [row.tenant, row.event, row.name, row.user, row.value, row.salt],
  }),

  erasePerson: (tenant, user) => sql`
    delete from audit_personal where tenant_number = ${tenant} and user_id = ${user}`,

  newestRun: () => sql<{ run: number | null }>`select max(run) as "run" from audit_run`,

  addRun: (run, node, now, aliveUntil) => sql<{ run: number }>`
    insert into audit_run (run, node, started_at, alive_until, ended_at, last, state, sealed_to, done)
    values (${run}, ${node}, ${now}, ${aliveUntil}, null, null, 'open', 0, 0)
    on conflict (run) do nothing returning run`,

  endRunsOfNode: (node, now) => sql`
    update audit_run set state = 'crashed', ended_at = ${now} where done = 0 and state = 'open' and node = ${node}`,

  endRunsNotAlive: now => sql`
    update audit_run set state = 'crashed', ended_at = ${now}
    where done = 0 and state = 'open' and alive_until < ${now}`,

  renewRun: (run, aliveUntil) => sql`
    update audit_run set alive_until = ${aliveUntil}, state = 'open', ended_at = null, done = 0
    where run = ${run} and state <> 'closed'`,

  closeRun: (run, last, now) => sql`
    update audit_run set state = 'closed', last = ${last}, ended_at = ${now}, done = 0
    where run = ${run} and state <> 'closed'`,

  run: run => sql<AuditRun>`
    select run, node, started_at as "startedAt", alive_until as "aliveUntil", ended_at as "endedAt", last, state,
           sealed_to as "sealedTo", done
    from audit_run where run = ${run}`,

  runsAfter: (run, limit) => sql<AuditRun>`
    select run, node, started_at as "startedAt", alive_until as "aliveUntil", ended_at as "endedAt", last, state,
           sealed_to as "sealedTo", done
    from audit_run where run > ${run} order by run limit ${limit}`,

  runsToSeal: limit => sql<AuditRun>`
    select run, node, started_at as "startedAt", alive_until as "aliveUntil", ended_at as "endedAt", last, state,
           sealed_to as "sealedTo", done
    from audit_run where done = 0 order by run limit ${limit}`,

  setSealedTo: (run, sealedTo) => sql`
    update audit_run set sealed_to = ${sealedTo} where run = ${run} and sealed_to < ${sealedTo}`,

  finishRun: run => sql`update audit_run set done = 1 where run = ${run} and state <> 'open'`,

  countNumbers: (run, after, upTo) => sql<{ count: number }>`
    select count(*) as "count" from audit_event where run = ${run} and number > ${after} and number <= ${upTo}`,

  numbersAfter: (run, after, limit) => sql<NumberedEvent>`
    select e.number, e.tenant_number as "tenant", e.id, s.seq
    from audit_event e left join audit_seal s on s.tenant_number = e.tenant_number and s.event_id = e.id
    where e.run = ${run} and e.number > ${after} order by e.number limit ${limit}`,

  nextRunWithEvents: run => sql<{ run: number | null }>`select min(run) as "run" from audit_event where run > ${run}`,

  eventsAfter: (run, number, limit) => sql<UnsealedEvent>`
    select tenant_number as "tenant", id, run, number, leaf, mac
    from audit_event where run = ${run} and number > ${number} order by number limit ${limit}`,

  takeSealing: (holder, now, leaseUntil) => sql<{ epoch: number }>`
    update audit_sealer
    set epoch = epoch + case when holder = ${holder} then 0 else 1 end, holder = ${holder}, lease_until = ${leaseUntil}
    where only_row = 1 and (holder = ${holder} or lease_until < ${now}) returning epoch`,

  holdSealing: (holder, epoch, leaseUntil) => sql<{ epoch: number }>`
    update audit_sealer set lease_until = ${leaseUntil}
    where only_row = 1 and holder = ${holder} and epoch = ${epoch} returning epoch`,

  addSeals: manyRows<AuditSeal>({
    name: 'add_audit_seal',
    before: 'insert into audit_seal (tenant_number, seq, event_id, leaf) values',
    width: 4,
    values: row => [row.tenant, row.seq, row.event, row.leaf],
  }),

  addSubtrees: manyRows<AuditSubtree>({
    name: 'add_audit_subtree',
    before: 'insert into audit_subtree (tenant_number, level, position, hash) values',
    width: 4,
    values: row => [row.tenant, row.level, row.position, row.hash],
  }),

  putHeads: manyRows<AuditHead>({
    name: 'put_audit_head',
    before: 'insert into audit_head (tenant_number, size, root, frontier) values',
    after: `on conflict (tenant_number)
            do update set size = excluded.size, root = excluded.root, frontier = excluded.frontier`,
    width: 4,
    values: row => [row.tenant, row.size, row.root, row.frontier],
  }),

  heads: manyRows<number, AuditHead>({
    name: 'audit_heads',
    before: 'select tenant_number as "tenant", size, root, frontier from audit_head where tenant_number in (',
    after: ')',
    width: 1,
    values: tenant => [tenant],
  }),

  headsAfter: (tenant, limit) => sql<AuditHead>`
    select tenant_number as "tenant", size, root, frontier
    from audit_head where tenant_number > ${tenant} order by tenant_number limit ${limit}`,

  addCheckpoint: c => sql`
    insert into audit_checkpoint (number, epoch, at, is_full, jws)
    values (${c.number}, ${c.epoch}, ${c.at}, ${c.full}, ${c.jws})`,

  newestCheckpoint: () => sql<AuditCheckpoint>`
    select number, epoch, at, is_full as "full", jws from audit_checkpoint order by number desc limit 1`,

  checkpointsAfter: (number, limit) => sql<AuditCheckpoint>`
    select number, epoch, at, is_full as "full", jws
    from audit_checkpoint where number > ${number} order by number limit ${limit}`,

  dropCheckpoints: before => sql`
    delete from audit_checkpoint where number in
      (select number from audit_checkpoint
       where number < (select coalesce(max(number), 0) from audit_checkpoint where is_full = 1 and at < ${before})
       order by number limit 500)`,

  sentTo: place => sql<{ number: number }>`select sent_to as "number" from audit_place where name = ${place}`,

  setSentTo: (place, number) => sql`
    insert into audit_place (name, sent_to) values (${place}, ${number})
    on conflict (name) do update set sent_to = excluded.sent_to`,

  nextSealedTenant: tenant => sql<{ tenant: number | null }>`
    select min(found.tenant) as "tenant" from
      (select min(tenant_number) as tenant from audit_head where tenant_number > ${tenant}
       union all select min(tenant_number) as tenant from audit_seal where tenant_number > ${tenant}) found`,

  sealedAfter: (tenant, seq, limit) => sql<SealedEvent>`
    select s.seq, s.leaf as "sealedLeaf", s.event_id as "id", e.run, e.number, e.leaf, e.salt, e.mac, e.body
    from audit_seal s left join audit_event e on e.tenant_number = s.tenant_number and e.id = s.event_id
    where s.tenant_number = ${tenant} and s.seq > ${seq} order by s.seq limit ${limit}`,

  personalOf: (tenant, event) => sql<AuditPersonal>`
    select tenant_number as "tenant", event_id as "event", user_id as "user", name, value, salt
    from audit_personal where tenant_number = ${tenant} and event_id = ${event} order by name`,

  sealOf: (tenant, event) => sql<AuditSeal>`
    select tenant_number as "tenant", seq, event_id as "event", leaf
    from audit_seal where tenant_number = ${tenant} and event_id = ${event}`,

  leaves: (tenant, from, to) => sql<{ hash: Uint8Array }>`
    select leaf as "hash" from audit_seal where tenant_number = ${tenant} and seq >= ${from} and seq < ${to} order by seq`,

  subtrees: (tenant, level, from, to) => sql<{ hash: Uint8Array }>`
    select hash from audit_subtree
    where tenant_number = ${tenant} and level = ${level} and position >= ${from} and position < ${to} order by position`,
}
