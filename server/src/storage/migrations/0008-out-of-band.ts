/** Codes by mail and SMS: who may get them, and the one that is open, of which no more than the sealed form is kept. */
import type { Migration } from '#storage/migrations/migration.ts'

export const outOfBand: Migration = {
  version: 8,
  name: 'out-of-band',
  min_binary: 1,
  statements: ({ int, blob, text, clustered }) => [
    `create table oob (tenant_number ${int} not null, user_id ${int} not null, policy ${text} not null, device_type ${text} not null, credential_type ${text} not null, activation ${blob}, created_at ${int} not null, primary key (tenant_number, user_id, policy)) ${clustered}`,
    `create table oob_code (tenant_number ${int} not null, user_id ${int} not null, policy ${text} not null, id ${int} not null, method ${text} not null, body ${blob}, tries_left ${int} not null, created_at ${int} not null, expires_at ${int} not null, primary key (tenant_number, user_id, policy)) ${clustered}`,
    'create index oob_code_expiry on oob_code (tenant_number, expires_at)',
  ],
}
