/** For whom a passkey was made: it proves him only, whoever holds its device later. The handle is what its authenticator gives back. */
import type { Migration } from '#storage/migrations/migration.ts'

export const passkeys: Migration = {
  version: 11,
  name: 'passkeys',
  min_binary: 1,
  statements: ({ int, blob, clustered }) => [
    `create table passkey (tenant_number ${int} not null, credential_id ${int} not null, user_id ${int} not null, handle ${blob} not null, primary key (tenant_number, credential_id)) ${clustered}`,
    'create index passkey_user on passkey (tenant_number, user_id, credential_id)',
    'create index passkey_handle on passkey (tenant_number, handle)',
  ],
}
