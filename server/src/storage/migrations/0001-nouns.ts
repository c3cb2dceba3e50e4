/**
 * The nouns: tenants, users, clients, authenticators, devices, credentials, and what happens to them: challenges,
 * sessions. Every key starts with the tenant's number; wide and stable rows are kept apart from narrow ones
 * that change with every log-on (`…_state`), which have no secondary index.
 */
import type { Migration } from '#storage/migrations/migration.ts'

export const nouns: Migration = {
  version: 1,
  name: 'nouns',
  min_binary: 1,
  statements: ({ int, blob, text, clustered }) => [
    `create table store_meta (name ${text} primary key, value ${text} not null) ${clustered}`,
    `create table node (node_number ${int} primary key, holder ${text} not null, lease_until ${int} not null, started_at ${int} not null) ${clustered}`,

    `create table tenant (tenant_number ${int} primary key, name ${text} not null unique, status ${text} not null, version ${int} not null, next_id ${int} not null, created_at ${int} not null)`,
    `create table tenant_counter (tenant_number ${int} not null, noun ${text} not null, total ${int} not null, primary key (tenant_number, noun)) ${clustered}`,
    `create table configuration_override (tenant_number ${int} not null, kind ${text} not null, code ${text} not null, document ${text} not null, version ${int} not null, primary key (tenant_number, kind, code))`,

    `create table user_account (tenant_number ${int} not null, id ${int} not null, external_id ${text} not null, external_id_key ${text} not null, user_name ${text} not null, user_name_key ${text} not null, group_code ${text} not null, active ${int} not null, family_name ${text}, given_name ${text}, title ${text}, created_at ${int} not null, version ${int} not null, sessions_from ${int} not null default 0, primary key (tenant_number, id)) ${clustered}`,
    'create unique index user_account_external on user_account (tenant_number, external_id_key)',
    'create unique index user_account_name on user_account (tenant_number, user_name_key)',
    'create index user_account_group on user_account (tenant_number, group_code, id)',
    `create table login_name (tenant_number ${int} not null, name_key ${text} not null, user_id ${int} not null, primary key (tenant_number, name_key)) ${clustered}`,
    `create table user_state (tenant_number ${int} not null, user_id ${int} not null, started ${int} not null, forgiven ${int} not null, last_attempt_at ${int}, primary key (tenant_number, user_id)) ${clustered}`,
    `create table user_attribute (tenant_number ${int} not null, user_id ${int} not null, name ${text} not null, value ${text} not null, value_key ${text} not null, primary key (tenant_number, user_id, name)) ${clustered}`,
    'create index user_attribute_value on user_attribute (tenant_number, name, value_key, user_id)',
    `create table user_role (tenant_number ${int} not null, user_id ${int} not null, role ${text} not null, primary key (tenant_number, user_id, role)) ${clustered}`,
    'create index user_role_holders on user_role (tenant_number, role, user_id)',

    `create table client (tenant_number ${int} not null, client_id ${text} not null, user_id ${int} not null, status ${text} not null, secret_kind ${text} not null, secret_proof ${blob}, document ${text} not null, created_at ${int} not null, version ${int} not null, primary key (tenant_number, client_id)) ${clustered}`,
    'create unique index client_user on client (tenant_number, user_id)',

    `create table authenticator (tenant_number ${int} not null, user_id ${int} not null, policy ${text} not null, status ${text} not null, start_at ${int} not null, expiry_at ${int}, created_at ${int} not null, version ${int} not null, primary key (tenant_number, user_id, policy)) ${clustered}`,
    'create index authenticator_policy on authenticator (tenant_number, policy, user_id)',
    `create table authenticator_state (tenant_number ${int} not null, user_id ${int} not null, policy ${text} not null, started ${int} not null, forgiven ${int} not null, last_attempt_at ${int}, consecutive_success ${int} not null, total_failed ${int} not null, total_success ${int} not null, challenge_count ${int} not null, last_success_at ${int}, last_failure_at ${int}, last_success_channel ${text}, last_failure_channel ${text}, last_success_device ${int}, primary key (tenant_number, user_id, policy)) ${clustered}`,
    `create table password (tenant_number ${int} not null, user_id ${int} not null, policy ${text} not null, hash ${text} not null, history ${text} not null, changed_at ${int} not null, version ${int} not null, primary key (tenant_number, user_id, policy)) ${clustered}`,

    `create table device (tenant_number ${int} not null, id ${int} not null, external_id ${text} not null, external_id_key ${text} not null, type ${text} not null, owner_id ${int}, friendly_name ${text}, status ${text} not null, start_at ${int} not null, expiry_at ${int}, created_at ${int} not null, version ${int} not null, primary key (tenant_number, id)) ${clustered}`,
    'create unique index device_external on device (tenant_number, external_id_key, type)',
    'create index device_owner on device (tenant_number, owner_id, id)',
    'create index device_expiry on device (tenant_number, expiry_at, id)',
    'create index device_type on device (tenant_number, type, id)',
    `create table credential (tenant_number ${int} not null, id ${int} not null, device_id ${int} not null, external_id ${text} not null, external_id_key ${text} not null, type ${text} not null, status ${text} not null, start_at ${int} not null, expiry_at ${int}, settings ${text} not null, secret ${blob} not null, fingerprint ${blob}, created_at ${int} not null, version ${int} not null, primary key (tenant_number, id)) ${clustered}`,
    'create index credential_device on credential (tenant_number, device_id, id)',
    'create index credential_external on credential (tenant_number, external_id_key, id)',
    'create index credential_type on credential (tenant_number, type, id)',
    `create table credential_state (tenant_number ${int} not null, id ${int} not null, next ${int} not null, drift ${int} not null, version ${int} not null, last_used_at ${int}, primary key (tenant_number, id)) ${clustered}`,
    `create table spent_signature (tenant_number ${int} not null, credential_id ${int} not null, question ${blob} not null, spent_at ${int} not null, primary key (tenant_number, credential_id, question)) ${clustered}`,

    `create table retired_key (tenant_number ${int} not null, fingerprint ${blob} not null, type ${text} not null, credential_id ${int} not null, next ${int} not null, drift ${int} not null, primary key (tenant_number, fingerprint, type)) ${clustered}`,

    `create table challenge (tenant_number ${int} not null, id ${int} not null, user_id ${int} not null, policy ${text} not null, device_id ${int} not null, credential_id ${int} not null, question ${text} not null, expires_at ${int} not null, primary key (tenant_number, id)) ${clustered}`,
    'create index challenge_open on challenge (tenant_number, user_id, policy, id)',
    `create table session (tenant_number ${int} not null, id ${int} not null, user_id ${int} not null, client_id ${text} not null, policy ${text} not null, level ${text} not null, amr ${text} not null, scope ${text} not null, device_id ${int}, idle_ms ${int} not null, created_at ${int} not null, expires_at ${int} not null, last_used_at ${int} not null, ended_at ${int}, proof ${blob} not null, event_id ${int} not null, primary key (tenant_number, id)) ${clustered}`,

    `create table device_import (tenant_number ${int} not null, id ${int} not null, status ${text} not null, file_name ${text} not null, device_count ${int} not null, report ${text} not null, created_at ${int} not null, finished_at ${int}, primary key (tenant_number, id))`,
    `create table device_staging (tenant_number ${int} not null, import_id ${int} not null, device_id ${int} not null, credential_id ${int} not null, external_id ${text} not null, external_id_key ${text} not null, device_type ${text} not null, friendly_name ${text}, status ${text} not null, start_at ${int} not null, expiry_at ${int}, credential_type ${text} not null, settings ${text} not null, secret ${blob} not null, fingerprint ${blob}, next ${int} not null, drift ${int} not null, primary key (tenant_number, import_id, credential_id)) ${clustered}`,

    `create table budget (tenant_number ${int} not null, name ${text} not null, subject ${text} not null, period ${int} not null, spent ${int} not null, primary key (tenant_number, name, subject, period)) ${clustered}`,
  ],
}
