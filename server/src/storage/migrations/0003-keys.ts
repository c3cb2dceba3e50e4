/**
 * Keys: the store's own, those behind handles (per epoch), tenant keys, and signing keys. The partial unique indexes hold that
 * one key of each owner is open, however many nodes make or rotate one at once.
 */
import type { Migration } from '#storage/migrations/migration.ts'

export const keys: Migration = {
  version: 3,
  name: 'keys',
  min_binary: 1,
  statements: ({ int, blob, text, clustered }) => [
    `create table store_key (name ${text} primary key, wrapped ${blob} not null, created_at ${int} not null) ${clustered}`,
    `create table handle_key (epoch ${int} not null, key_number ${int} not null, wrapped ${blob} not null, created_at ${int} not null, retired_at ${int}, primary key (epoch, key_number)) ${clustered}`,
    'create unique index handle_key_open on handle_key (epoch) where retired_at is null',
    `create table tenant_key (tenant_number ${int} not null, key_number ${int} not null, wrapped ${blob} not null, created_at ${int} not null, retired_at ${int}, primary key (tenant_number, key_number)) ${clustered}`,
    'create unique index tenant_key_open on tenant_key (tenant_number) where retired_at is null',
    `create table signing_key (tenant_number ${int} not null, id ${int} not null, private_key ${blob} not null, certificate ${blob} not null, retired_at ${int}, published_until ${int}, primary key (tenant_number, id))`,
    'create unique index signing_key_open on signing_key (tenant_number) where retired_at is null',
  ],
}
