/**
 * The rows of one tenant, whole tables at a time, for `tenant export`, `import` and `erase`. The texts are put together
 * from the list below and from nothing else; values are only ever bound.
 */

import type { Query } from '#domain/ports/store.ts'
import type { ArchivedRow, ArchivedTable, TenantArchiveQueries } from '#domain/ports/tenant-archive-queries.ts'
import { Fault } from '#domain/refusal.ts'
import { sql } from '#storage/sql.ts'

type Described = ArchivedTable & { readonly key: readonly string[] }

const described = (
  table: string,
  key: string,
  rest: string,
  more: {
    readonly bytes?: readonly string[]
    readonly sealed?: ArchivedTable['sealed']
    readonly sealedMembers?: NonNullable<ArchivedTable['sealedMembers']>
  } = {},
): Described => ({
  table,
  key: key.split(' '),
  columns: `${key} ${rest}`.trim().split(' '),
  bytes: more.bytes ?? [],
  sealed: more.sealed ?? [],
  ...(more.sealedMembers ? { sealedMembers: more.sealedMembers } : {}),
})

const tables: readonly Described[] = [
  described('configuration_override', 'kind code', 'document version', {
    sealedMembers: { column: 'document', row: ['kind', 'code'] },
  }),
  described(
    'user_account',
    'id',
    'external_id external_id_key user_name user_name_key group_code active family_name given_name title created_at version sessions_from',
  ),
  described('login_name', 'name_key', 'user_id'),
  described('user_state', 'user_id', 'started forgiven last_attempt_at'),
  described('user_attribute', 'user_id name', 'value value_key'),
  described('user_role', 'user_id role', ''),
  described('client', 'client_id', 'user_id status secret_kind secret_proof document created_at version', {
    bytes: ['secret_proof'],
  }),
  described('authenticator', 'user_id policy', 'status start_at expiry_at created_at version'),
  described(
    'authenticator_state',
    'user_id policy',
    'started forgiven last_attempt_at consecutive_success total_failed total_success challenge_count last_success_at last_failure_at last_success_channel last_failure_channel last_success_device blocked_until',
  ),
  described('password', 'user_id policy', 'hash history changed_at expired_changes version'),
  described('oob', 'user_id policy', 'device_type credential_type activation created_at', {
    bytes: ['activation'],
    sealed: [{ column: 'activation', row: ['user_id', 'policy'] }],
  }),
  described(
    'device',
    'id',
    'external_id external_id_key type owner_id friendly_name status start_at expiry_at created_at version',
  ),
  described(
    'credential',
    'id',
    'device_id external_id external_id_key type status start_at expiry_at settings secret fingerprint created_at version',
    { bytes: ['secret', 'fingerprint'], sealed: [{ column: 'secret', row: ['id'] }] },
  ),
  described('credential_state', 'id', 'next drift version last_used_at held'),
  described('passkey', 'credential_id', 'user_id handle', { bytes: ['handle'] }),
  described('spent_signature', 'credential_id question', 'spent_at', { bytes: ['question'] }),
  described('retired_key', 'fingerprint type', 'credential_id next drift', { bytes: ['fingerprint'] }),
  described('signing_key', 'id', 'private_key certificate retired_at published_until', {
    bytes: ['private_key', 'certificate'],
    sealed: [{ column: 'private_key', row: ['id'] }],
  }),
  described(
    'app',
    'device_id',
    'transport_id logon_id action_id key_protection platform provision_id evidence wake confirm_code activated_at renewed_at',
    {
      bytes: ['wake', 'confirm_code'],
      sealed: ['wake', 'confirm_code'].map(column => ({ column, row: ['device_id'] })),
    },
  ),
  described('app_state', 'device_id', 'call_counter tx_counter last_seen_at'),
  described('consent', 'user_id client_id scope', 'status until_at signed_at'),
  described('initiator_pause', 'user_id client_id', 'denials until_at'),
  described('ec_key', 'purpose id', 'private_key public_key statement retired_at published_until', {
    bytes: ['private_key'],
    sealed: [{ column: 'private_key', row: ['purpose', 'id'] }],
  }),
  described('tenant_counter', 'noun', 'total'),
]

/** Not carried. Keys go first: what is sealed under them is lost from then on, however far the rest has come. */
const keys: readonly Described[] = [
  described('tenant_key', 'key_number', ''),
  described('signing_key', 'id', ''),
  described('ec_key', 'purpose id', ''),
]
const passing: readonly Described[] = [
  described('session', 'id', ''),
  described('challenge', 'id', ''),
  described('oob_code', 'user_id policy', ''),
  described('recovery', 'user_id policy', ''),
  described('login_try', 'login_id what', ''),
  described('login', 'id', ''),
  described('workflow_pin', 'hash', ''),
  described('assertion_used', 'client_id jti', ''),
  described('outbox_trace', 'outbox_id attempt', ''),
  described('outbox', 'id', ''),
  described('approval', 'id', ''),
  described('app_notice', 'id', ''),
  described('provision_attempt', 'provision_id source', ''),
  described('provision', 'id', ''),
  described('device_staging', 'import_id credential_id', ''),
  described('device_import', 'id', ''),
  described('budget', 'name subject period', ''),
  described('audit_personal', 'event_id name', ''),
]
const erasable = [...keys, ...passing, ...tables.filter(({ table }) => !keys.some(key => key.table === table))]
const ERASED_AT_ONCE = 500

export const tenantRows: TenantArchiveQueries = {
  tables,

  nextId: tenant => sql<{ nextId: number }>`select next_id as "nextId" from tenant where tenant_number = ${tenant}`,

  setNextId: (tenant, nextId) => sql`
    update tenant set next_id = ${nextId} where tenant_number = ${tenant} and next_id < ${nextId}`,

  rowsAfter(asked, tenant, after, limit) {
    const { table, key, columns } = known(tables, asked.table)
    const above = after === undefined ? '' : ` and (${key.join(', ')}) > (${key.map((_, n) => `?${n + 2}`).join(', ')})`
    const keyValues = after === undefined ? [] : key.map(name => after[name])
    const text = `select ${columns.join(', ')} from ${table} where tenant_number = ?1${above} order by ${key.join(', ')} limit ?${keyValues.length + 2}`
    const name = `w_archive_${table}_${after === undefined ? 'first' : 'next'}`
    return { name, text, values: [tenant, ...keyValues, limit] } as Query<ArchivedRow>
  },

  addRow(asked, tenant, row) {
    const { table, columns } = known(tables, asked.table)
    const places = columns.map((_, n) => `?${n + 2}`).join(', ')
    const text = `insert into ${table} (tenant_number, ${columns.join(', ')}) values (?1, ${places})`
    return { name: `w_archive_${table}_add`, text, values: [tenant, ...columns.map(name => row[name] ?? null)] }
  },

  erasable: erasable.map(({ table }) => table),

  eraseSome(name, tenant) {
    const { table, key } = known(erasable, name)
    const list = key.join(', ')
    const some = `select ${list} from ${table} where tenant_number = ?1 order by ${list} limit ${ERASED_AT_ONCE}`
    const text = `delete from ${table} where tenant_number = ?1 and (${list}) in (${some}) returning 1 as one`
    return { name: `w_erase_${table}`, text, values: [tenant] }
  },

  renameTenant: (tenant, name) => sql`
    update tenant set name = ${name}, version = version + 1 where tenant_number = ${tenant}`,
}

function known(list: readonly Described[], table: string): Described {
  const found = list.find(one => one.table === table)
  if (!found) throw new Fault(`${table} is not a table of tenants`)
  return found
}
