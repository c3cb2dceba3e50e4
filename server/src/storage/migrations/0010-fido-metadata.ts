/**
 * What the FIDO metadata says of models of authenticators: one row per model, for the store as a whole. Number and date of the blob stand
 * in `store_meta`.
 */
import type { Migration } from '#storage/migrations/migration.ts'

export const fidoMetadata: Migration = {
  version: 10,
  name: 'fido-metadata',
  min_binary: 1,
  statements: ({ text }) => [`create table fido_model (aaguid ${text} primary key, document ${text} not null)`],
}
