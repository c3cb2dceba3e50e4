/** What a delivery worker stands on, all of it real: a fresh store, its queries, a tenant's sealer. */
import type { Ground } from '#delivery/conformance/world.ts'
import { SystemRandom } from '#jobs/system-random.ts'
import { KeyRing } from '#keys/key-ring.ts'
import { MasterKey } from '#keys/master-key.ts'
import { keyQueries } from '#storage/keys.ts'
import { outboxQueries as rows } from '#storage/outbox.ts'
import type { Engine } from '../fresh-store.ts'

export async function groundOn(engine: Engine): Promise<{ ground: Ground; close(): Promise<void> }> {
  const { store, close } = await engine.open()
  const random = new SystemRandom()
  const master = new MasterKey(new Uint8Array(32).fill(3), random)
  const ring = new KeyRing({ master, store, rows: keyQueries, random, clock: { now: () => 1_780_000_000_000 } })
  return { ground: { store, rows, random, sealer: ring.mint(1).sealer }, close }
}
