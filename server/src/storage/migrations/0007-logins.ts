/** Logins by the portal, their tries, consents, and workflows that were replaced while logins still hold on to them. */
import type { Migration } from '#storage/migrations/migration.ts'

export const logins: Migration = {
  version: 7,
  name: 'logins',
  min_binary: 1,
  statements: ({ int, blob, text, clustered }) => [
    `create table login (tenant_number ${int} not null, id ${int} not null, proof ${blob} not null, client_id ${text} not null, request ${text} not null, workflow ${text} not null, state ${text} not null, csrf ${int} not null, browser ${blob}, user_id ${int}, progress ${text} not null, revision ${int} not null, created_at ${int} not null, expires_at ${int} not null, code_proof ${blob}, code_expires_at ${int}, session_id ${int}, primary key (tenant_number, id))`,
    `create table login_try (tenant_number ${int} not null, login_id ${int} not null, what ${text} not null, tries ${int} not null, primary key (tenant_number, login_id, what)) ${clustered}`,
    `create table consent (tenant_number ${int} not null, user_id ${int} not null, client_id ${text} not null, scope ${text} not null, status ${text} not null, until_at ${int}, signed_at ${int} not null, primary key (tenant_number, user_id, client_id, scope)) ${clustered}`,
    `create table workflow_pin (tenant_number ${int} not null, hash ${text} not null, document ${text} not null, until_at ${int} not null, primary key (tenant_number, hash))`,
  ],
}
