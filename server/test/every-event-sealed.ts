/**
 * Waits until every event of a world stands in its tree. One tick of the sealer is not enough for that: it does nothing when it finds the one of
 * the job at work, which may have looked before the last event came.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { first, WHOLE_STORE } from '#domain/ports/store.ts'
import { sql } from '#storage/sql.ts'
import type { World } from './world.ts'

const waiting = sql<{ n: number }>`
  select count(*) as n from audit_event e
  where not exists (select 1 from audit_seal s where s.tenant_number = e.tenant_number and s.event_id = e.id)`

export async function everyEventSealed({ ground }: Pick<World, 'ground'>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    await ground.sealer.tick()
    const left = await ground.store.read(WHOLE_STORE, () => first(waiting))
    if (Number(left?.n) === 0) return
    await pause(50)
  }
  throw new Error('events stayed without a seal')
}
