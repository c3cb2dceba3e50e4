/**
 * The audit: events with their personal values apart, the runs that number them, and the Merkle tree over them (seals,
 * subtrees, heads, checkpoints). All keys rise with time, so that every write lands at the end of its table. Unique
 * (run, number) is also what shuts a late writer out once its number has been declared void.
 */
import type { Migration } from '#storage/migrations/migration.ts'

export const audit: Migration = {
  version: 2,
  name: 'audit',
  min_binary: 1,
  statements: ({ int, blob, text, clustered }) => [
    `create table audit_event (tenant_number ${int} not null, id ${int} not null, run ${int} not null, number ${int} not null, leaf ${blob} not null, salt ${blob} not null, mac ${blob} not null, body ${text} not null, primary key (tenant_number, id))`,
    'create unique index audit_event_number on audit_event (run, number)',
    `create table audit_personal (tenant_number ${int} not null, event_id ${int} not null, name ${text} not null, user_id ${int} not null, value ${text} not null, salt ${blob} not null, primary key (tenant_number, event_id, name)) ${clustered}`,
    'create index audit_personal_user on audit_personal (tenant_number, user_id)',

    `create table audit_run (run ${int} primary key, node ${int} not null, started_at ${int} not null, alive_until ${int} not null, ended_at ${int}, last ${int}, state ${text} not null, sealed_to ${int} not null, done ${int} not null) ${clustered}`,
    'create index audit_run_open on audit_run (done, run)',

    `create table audit_sealer (only_row ${int} primary key, holder ${text} not null, lease_until ${int} not null, epoch ${int} not null) ${clustered}`,
    "insert into audit_sealer (only_row, holder, lease_until, epoch) values (1, '', 0, 0)",
    `create table audit_seal (tenant_number ${int} not null, seq ${int} not null, event_id ${int} not null, leaf ${blob} not null, primary key (tenant_number, seq)) ${clustered}`,
    'create unique index audit_seal_event on audit_seal (tenant_number, event_id)',
    `create table audit_subtree (tenant_number ${int} not null, level ${int} not null, position ${int} not null, hash ${blob} not null, primary key (tenant_number, level, position)) ${clustered}`,
    `create table audit_head (tenant_number ${int} primary key, size ${int} not null, root ${blob} not null, frontier ${blob} not null) ${clustered}`,
    `create table audit_checkpoint (number ${int} primary key, epoch ${int} not null, at ${int} not null, is_full ${int} not null, jws ${text} not null) ${clustered}`,
    'create index audit_checkpoint_full on audit_checkpoint (is_full, number)',
    `create table audit_place (name ${text} primary key, sent_to ${int} not null) ${clustered}`,
  ],
}
