/**
 * Assertions by which clients proved themselves (RFC 7523 section 3): the hash of each `jti` until the assertion expires, so that
 * none is accepted twice. The index is for the sweep that takes them away afterwards.
 */
import type { Migration } from '#storage/migrations/migration.ts'

export const assertions: Migration = {
  version: 6,
  name: 'assertions',
  min_binary: 1,
  statements: ({ int, blob, text, clustered }) => [
    `create table assertion_used (tenant_number ${int} not null, client_id ${text} not null, jti ${blob} not null, expires_at ${int} not null, primary key (tenant_number, client_id, jti)) ${clustered}`,
    'create index assertion_used_expiry on assertion_used (tenant_number, expires_at)',
  ],
}
