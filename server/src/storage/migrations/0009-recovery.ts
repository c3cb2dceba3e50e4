/**
 * The code by which somebody sets a new password for a forgotten one: one row for each user and policy, because a newer code ends the
 * older. Rows of users below zero are decoys. `expired_changes` counts what `allowExpiredReset` of a policy allows.
 */
import type { Migration } from '#storage/migrations/migration.ts'

export const recovery: Migration = {
  version: 9,
  name: 'recovery',
  min_binary: 1,
  statements: ({ int, blob, text, clustered }) => [
    `create table recovery (tenant_number ${int} not null, user_id ${int} not null, policy ${text} not null, id ${int} not null, action_id ${text} not null, client_id ${text} not null, login_id ${int} not null, method ${text} not null, password_version ${int} not null, code_proof ${blob} not null, link_proof ${blob} not null, tries ${int} not null, created_at ${int} not null, expires_at ${int} not null, used_at ${int}, primary key (tenant_number, user_id, policy)) ${clustered}`,
    'create index recovery_id on recovery (tenant_number, id)',
    'create index recovery_expiry on recovery (tenant_number, expires_at)',
    `alter table password add column expired_changes ${int} not null default 0`,
  ],
}
