/**
 * What a restore does to the past, so that nothing which was used, revoked or spent after the backup works again: open
 * things end, numbers jump past the gap, keys move on. What only the lost rows knew cannot be brought back, and is told.
 * Surprise: a step keeps its place in `store_meta`, because a unit may be run again and must find nothing half done.
 */
import type { Configuration } from '#domain/configuration.ts'
import { first, rowsOf, type Unit } from '#domain/ports/store.ts'
import { approveSteps, phonesLost } from '#storage/epoch-hooks-approve.ts'
import { keysMove } from '#storage/epoch-hooks-keys.ts'
import type { EpochStep } from '#storage/raise-epoch.ts'
import { sql } from '#storage/sql.ts'

export interface EpochHooks {
  readonly now_ms: number
  /** The stock documents; a tenant's own are read from the store. */
  readonly stock: Configuration
}

/** More ids than any store hands out between two backups. */
const ID_JUMP = 1_000_000
const INTERRUPTED =
  '{"problems":[{"row":0,"where":"file","code":"interrupted","sentence":"A backup was restored; nothing was imported."}],"problemCount":1}'

type Total = { readonly total: number }

export function epochSteps({ now_ms, stock }: EpochHooks): readonly EpochStep[] {
  return [
    { name: 'count', unit: count },
    emptied(
      'sessions',
      () => sql`
      delete from session where (tenant_number, id) in
        (select tenant_number, id from session order by tenant_number, id limit 1000) returning 1 as one`,
    ),
    // Codes that were redeemed since, consents that were taken back: whoever was signing in begins anew.
    emptied(
      'logins',
      () => sql`
      delete from login where (tenant_number, id) in
        (select tenant_number, id from login order by tenant_number, id limit 1000) returning 1 as one`,
    ),
    emptied(
      'consents',
      () => sql`
      delete from consent where (tenant_number, user_id, client_id, scope) in
        (select tenant_number, user_id, client_id, scope from consent
         order by tenant_number, user_id, client_id, scope limit 1000) returning 1 as one`,
    ),
    emptied(
      'challenges',
      () => sql`
      delete from challenge where (tenant_number, id) in
        (select tenant_number, id from challenge order by tenant_number, id limit 1000) returning 1 as one`,
    ),
    // A code that was used since must not set a password again.
    emptied(
      'recoveries',
      () => sql`
      delete from recovery where (tenant_number, user_id, policy) in
        (select tenant_number, user_id, policy from recovery order by tenant_number, user_id, policy limit 1000) returning 1 as one`,
    ),
    emptied(
      'oob-codes',
      () => sql`
      delete from oob_code where (tenant_number, user_id, policy) in
        (select tenant_number, user_id, policy from oob_code
         order by tenant_number, user_id, policy limit 1000) returning 1 as one`,
    ),
    emptied(
      'staging',
      () => sql`
      delete from device_staging where (tenant_number, import_id, credential_id) in
        (select tenant_number, import_id, credential_id from device_staging
         order by tenant_number, import_id, credential_id limit 1000) returning 1 as one`,
    ),
    // What it tells happened before the backup, and most of it was told since.
    emptied(
      'outbox',
      () => sql`
      delete from outbox where (tenant_number, id) in
        (select tenant_number, id from outbox order by tenant_number, id limit 1000) returning 1 as one`,
    ),
    emptied(
      'outbox-trace',
      () => sql`
      delete from outbox_trace where (tenant_number, outbox_id, attempt) in
        (select tenant_number, outbox_id, attempt from outbox_trace
         order by tenant_number, outbox_id, attempt limit 1000) returning 1 as one`,
    ),
    ...approveSteps(now_ms),
    { name: 'numbers', unit: () => numbersJump(now_ms) },
    { name: 'keys', unit: () => keysMove(now_ms, stock) },
    { name: 'lost', unit: lost },
  ]
}

function* count(): Unit<{ more: boolean; lines: readonly string[] }> {
  const sessions = yield* first(sql<Total>`select count(*) as "total" from session`)
  const challenges = yield* first(sql<Total>`select count(*) as "total" from challenge`)
  const ended = `Ended: ${sessions?.total} sessions with their tokens, ${challenges?.total} open challenges.`
  return { more: false, lines: [ended] }
}

function emptied(name: string, some: () => ReturnType<typeof sql>): EpochStep {
  return {
    name,
    *unit() {
      return { more: (yield* rowsOf(some())).length > 0, lines: [] }
    },
  }
}

function* numbersJump(now_ms: number): Unit<{ more: boolean; lines: readonly string[] }> {
  const floor = yield* first(sql<{ value: string }>`select value from store_meta where name = 'clock_floor'`)
  yield [
    sql`update tenant set next_id = next_id + ${ID_JUMP}, version = version + 1`,
    sql`update device_import set status = 'FAILED', finished_at = ${now_ms}, report = ${INTERRUPTED} where status = 'PENDING'`,
    sql`delete from node where node_number >= 0`,
    sql`
    insert into store_meta (name, value) values ('clock_floor', ${String(Math.max(now_ms, Number(floor?.value ?? 0)))})
    on conflict (name) do update set value = excluded.value`,
  ]
  return { more: false, lines: [`Ids go on ${ID_JUMP} above those of the backup.`] }
}

/** There is no journal off the machine that could tell what happened after the backup. */
function* lost(): Unit<{ more: boolean; lines: readonly string[] }> {
  const passwords = yield* first(sql<Total>`select count(*) as "total" from password`)
  const clients = yield* first(sql<Total>`select count(*) as "total" from client`)
  const phones = yield* phonesLost()
  return {
    more: false,
    lines: [
      'Could not be replayed, because no journal of it is kept off this store:',
      `- ${passwords?.total} passwords are those of the backup, also where they were changed since. Have them changed again.`,
      `- ${clients?.total} clients have the secrets of the backup.`,
      ...phones,
      '- Users, devices, roles and clients removed, disabled or erased since the backup are there as they were; those made since are gone.',
      '- Locks and failed attempts are those of the backup.',
      'The checkpoints kept outside and exports of the audit tell what happened since: countersign audit verify --checkpoints FILE.',
    ],
  }
}
