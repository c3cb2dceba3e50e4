/**
 * What a restore does to push approval: requests that were open are over, results that nobody fetched stay unfetched, invitations are
 * worth nothing. Calls that a phone made since are older than a minute, which is all that a call is good for; its counters stay.
 */
import { first, rowsOf, type Unit } from '#domain/ports/store.ts'
import type { EpochStep } from '#storage/raise-epoch.ts'
import { sql } from '#storage/sql.ts'

type Total = { readonly total: number }
type Chunk = Unit<{ more: boolean; lines: readonly string[] }>

export const approveSteps = (now_ms: number): readonly EpochStep[] => [
  { name: 'approvals-told', unit: told },
  inChunks(
    'approvals',
    () => sql`
    update approval set state = 'SUPERSEDED' where (tenant_number, id) in
      (select tenant_number, id from approval where state = 'OPEN' order by tenant_number, id limit 1000)
    returning 1 as one`,
  ),
  inChunks(
    'results',
    () => sql`
    update approval set collected_at = ${now_ms} where (tenant_number, id) in
      (select tenant_number, id from approval where state = 'ANSWERED' and collected_at is null
       order by tenant_number, id limit 1000)
    returning 1 as one`,
  ),
  inChunks(
    'provisions',
    () => sql`
    update provision set status = 'REPLACED', secret = null, notify_token = null, version = version + 1
    where (tenant_number, id) in
      (select tenant_number, id from provision where status = 'UNPROCESSED' order by tenant_number, id limit 1000)
    returning 1 as one`,
  ),
]

function inChunks(name: string, some: () => ReturnType<typeof sql>): EpochStep {
  return {
    name,
    *unit() {
      return { more: (yield* rowsOf(some())).length > 0, lines: [] }
    },
  }
}

function* told(): Chunk {
  const requests = yield* first(sql<Total>`select count(*) as "total" from approval where state = 'OPEN'`)
  const invitations = yield* first(sql<Total>`select count(*) as "total" from provision where status = 'UNPROCESSED'`)
  const ended = `Ended: ${requests?.total} open requests to phones, ${invitations?.total} invitations to register one.`
  return { more: false, lines: [ended] }
}

/** Part of what could not be replayed. */
export function* phonesLost(): Unit<readonly string[]> {
  const phones = yield* first(sql<Total>`select count(*) as "total" from app`)
  if (!phones?.total) return []
  return [
    `- ${phones.total} phones have the keys of the backup: one that renewed its keys or was registered since must be registered again; revoke one that was removed since.`,
  ]
}
