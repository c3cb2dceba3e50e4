/**
 * The approve app: invitations, the app behind a device, requests that a person answers, what keeps initiators back, keys that sign
 * for apps, and the outbox with its trace. `app_state` is narrow and changes with every call; all texts of requests are sealed.
 */
import type { Migration } from '#storage/migrations/migration.ts'

export const approve: Migration = {
  version: 5,
  name: 'approve',
  min_binary: 1,
  statements: ({ int, blob, text, clustered }) => [
    `create table provision (tenant_number ${int} not null, id ${int} not null, device_id ${int} not null, user_id ${int} not null, device_type ${text} not null, client_id ${text}, status ${text} not null, description ${text} not null, service ${text} not null, channel ${text} not null, policy ${text} not null, secret ${blob}, callback_url ${text}, notify_token ${blob}, typed_attempts ${int} not null, key_thumbprint ${text}, created_at ${int} not null, expires_at ${int} not null, processed_at ${int}, collected_at ${int}, version ${int} not null, primary key (tenant_number, id))`,
    "create unique index provision_open on provision (tenant_number, device_id) where status = 'UNPROCESSED'",
    'create index provision_user on provision (tenant_number, user_id, id)',
    `create table provision_attempt (tenant_number ${int} not null, provision_id ${int} not null, source ${text} not null, attempts ${int} not null, primary key (tenant_number, provision_id, source)) ${clustered}`,

    `create table app (tenant_number ${int} not null, device_id ${int} not null, transport_id ${int} not null, logon_id ${int} not null, action_id ${int} not null, key_protection ${text} not null, platform ${text} not null, provision_id ${int} not null, evidence ${text} not null, wake ${blob}, confirm_code ${blob}, activated_at ${int} not null, renewed_at ${int} not null, primary key (tenant_number, device_id))`,
    `create table app_state (tenant_number ${int} not null, device_id ${int} not null, call_counter ${int} not null, tx_counter ${int} not null, last_seen_at ${int}, primary key (tenant_number, device_id)) ${clustered}`,
    `create table app_notice (tenant_number ${int} not null, id ${int} not null, device_id ${int} not null, kind ${text} not null, text ${text} not null, primary key (tenant_number, id)) ${clustered}`,
    'create index app_notice_device on app_notice (tenant_number, device_id, id)',

    `create table approval (tenant_number ${int} not null, id ${int} not null, state ${text} not null, client_id ${text} not null, user_id ${int}, device_id ${int}, device_type ${text}, policy ${text} not null, purpose ${text} not null, channel ${text} not null, scope ${text} not null, dialect ${text} not null, delivery ${text} not null, statuses ${text} not null, session ${int} not null, silent ${int} not null, proof ${blob} not null, body ${blob} not null, nonce ${text}, created_at ${int} not null, expires_at ${int} not null, collect_until ${int} not null, answered_at ${int}, answer_status ${text}, positive ${int}, credential_id ${int}, answer ${blob}, collected_at ${int}, event_id ${int} not null, primary key (tenant_number, id))`,
    "create unique index approval_pending on approval (tenant_number, user_id, purpose) where state = 'OPEN' and user_id is not null",
    "create index approval_inbox on approval (tenant_number, device_id, id) where state = 'OPEN'",
    'create index approval_user on approval (tenant_number, user_id, id)',
    'create unique index approval_nonce on approval (tenant_number, device_id, nonce) where nonce is not null',
    `create table initiator_pause (tenant_number ${int} not null, user_id ${int} not null, client_id ${text} not null, denials ${int} not null, until_at ${int} not null, primary key (tenant_number, user_id, client_id)) ${clustered}`,

    `create table ec_key (tenant_number ${int} not null, purpose ${text} not null, id ${int} not null, private_key ${blob} not null, public_key ${text} not null, statement ${text}, retired_at ${int}, published_until ${int}, primary key (tenant_number, purpose, id)) ${clustered}`,
    'create unique index ec_key_open on ec_key (tenant_number, purpose) where retired_at is null',

    `create table outbox (tenant_number ${int} not null, id ${int} not null, kind ${text} not null, subject ${int} not null, destination ${text} not null, state ${text} not null, body ${blob}, due_at ${int} not null, not_after ${int} not null, lease_until ${int} not null, attempt ${int} not null, created_at ${int} not null, done_at ${int}, primary key (tenant_number, id))`,
    "create index outbox_due on outbox (tenant_number, due_at) where state = 'WAITING'",
    'create index outbox_subject on outbox (tenant_number, subject, id)',
    `create table outbox_trace (tenant_number ${int} not null, outbox_id ${int} not null, attempt ${int} not null, at ${int} not null, outcome ${text} not null, status ${int}, primary key (tenant_number, outbox_id, attempt)) ${clustered}`,

    `alter table authenticator_state add column blocked_until ${int} not null default 0`,
  ],
}
