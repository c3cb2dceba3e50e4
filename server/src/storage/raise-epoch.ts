/**
 * Begins a new epoch of a store after a restore, before it is served: raises the number and lets each step make its
 * part of the past powerless (storage of handles, invites, challenges, sequences, time steps).
 * A step is a unit that may do its work in chunks: it is asked again until it says that no more is left.
 */
import { first, type Store, type Unit, WHOLE_STORE } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import { sql } from '#storage/sql.ts'

export interface EpochStep {
  readonly name: string
  /** One chunk. `lines` tell the operator what was done, and what could not be. */
  unit(epoch: number): Unit<{ readonly more: boolean; readonly lines: readonly string[] }>
}

export type RaisedEpoch = { readonly epoch: number; readonly lines: readonly string[] }

const MAX_CHUNKS = 10_000_000

export async function raiseEpoch(store: Store, steps: readonly EpochStep[]): Promise<RaisedEpoch> {
  const epoch = await store.write(WHOLE_STORE, nextEpoch)
  const lines: string[] = []
  for (const step of steps) {
    let chunks = 0
    for (let more = true; more; chunks++) {
      if (chunks === MAX_CHUNKS) throw new Fault(`the step ${step.name} of a restore does not end`)
      const chunk = await store.write(WHOLE_STORE, () => step.unit(epoch))
      lines.push(...chunk.lines)
      more = chunk.more
    }
  }
  return { epoch, lines }
}

/** A store that never kept its epoch is in its first. */
function* nextEpoch(): Unit<number> {
  const row = yield* first(sql<{ value: string }>`
    insert into store_meta (name, value) values ('epoch', '2')
    on conflict (name) do update set value = cast(cast(store_meta.value as bigint) + 1 as text) returning value`)
  if (row === undefined) throw new Fault('the epoch was not raised')
  return Number(row.value)
}
