/** Takes away what the outbox sent a month ago and more, with its trace: a piece at a time, for a job that goes through the tenants. */
import { happeningFloor, type TenantNumber } from '#domain/ids.ts'
import type { OutboxQueries } from '#domain/ports/outbox-queries.ts'
import { rowsOf, type Unit } from '#domain/ports/store.ts'

const KEPT_MS = 30 * 86_400_000

/** How many rows went; 500 when there may be more. */
export function* sweepOutbox(
  rows: Pick<OutboxQueries, 'dropDone' | 'dropTraces'>,
  tenant: TenantNumber,
  now_ms: number,
): Unit<number> {
  const floor = happeningFloor(now_ms - KEPT_MS)
  const gone = yield* rowsOf(rows.dropDone(tenant, floor))
  yield [rows.dropTraces(tenant, floor)]
  return gone.length
}
