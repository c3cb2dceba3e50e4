/**
 * A key whose event counter a restore put back is held: what was used since the backup cannot be told from what was
 * not, so it proves nothing until two codes in a row have found it again.
 */
import type { Migration } from '#storage/migrations/migration.ts'

export const held: Migration = {
  version: 4,
  name: 'held',
  min_binary: 1,
  statements: ({ int }) => [`alter table credential_state add column held ${int} not null default 0`],
}
