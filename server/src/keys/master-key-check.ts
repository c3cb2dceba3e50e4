/**
 * Opens the master key for one store and makes sure that it is the right one: the store keeps a value wrapped by it.
 * A new store makes that value (and the key's file where the key is kept in one); an old store whose file is missing, or
 * whose check does not open, is told at start and not at the first token. Nothing is ever overwritten.
 */
import type { Clock } from '#domain/ports/clock.ts'
import type { KeyQueries, StoreKeyRow } from '#domain/ports/key-queries.ts'
import type { Random } from '#domain/ports/random.ts'
import { first, type Store, WHOLE_STORE } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import { MasterKey, type WrappedPlace } from '#keys/master-key.ts'
import { findMasterKeyBytes, type MasterKeySource, makeMasterKeyFile } from '#keys/master-key-source.ts'

export interface MasterKeyNeeds {
  readonly source: MasterKeySource
  readonly store: Store
  readonly rows: Pick<KeyQueries, 'storeKey' | 'addStoreKey'>
  readonly random: Random
  readonly clock: Clock
}

const CHECK = 'check'
const place: WrappedPlace = ['store_key', CHECK]

export async function openMasterKey({ source, store, rows, random, clock }: MasterKeyNeeds): Promise<MasterKey> {
  const kept = await store.read(WHOLE_STORE, () => first(rows.storeKey(CHECK)))
  const found = await findMasterKeyBytes(source)
  if (kept) {
    if (!found) throw new Fault(`the master key is missing: ${whereOf(source)} ${NEXT}`)
    return checked(new MasterKey(found, random), kept, source)
  }
  const bytes = found ?? (await madeAt(source, random))
  const master = new MasterKey(bytes, random)
  const wrapped = master.wrap(place, random.bytes(16))
  const winner = await store.write(WHOLE_STORE, function* () {
    yield [rows.addStoreKey(CHECK, wrapped, clock.now())]
    return yield* first(rows.storeKey(CHECK))
  })
  if (!winner) throw new Fault('the check value of the master key was not written')
  return checked(master, winner, source) // another node with another key may have been first
}

const NEXT =
  'Put back the one this store was made with; a backup never holds it. Without it nothing sealed can be read.'

function checked(master: MasterKey, row: StoreKeyRow, source: MasterKeySource): MasterKey {
  if (master.find(place, row.wrapped)) return master
  throw new Fault(`this is not the master key of this store: ${whereOf(source)} ${NEXT}`)
}

async function madeAt(source: MasterKeySource, random: Random): Promise<Uint8Array> {
  if (source.from !== 'file') throw new Fault(`no master key came from ${whereOf(source)}`)
  return makeMasterKeyFile(source.path, random)
}

function whereOf(source: MasterKeySource): string {
  if (source.from === 'file') return `${source.path}.`
  return source.from === 'environment' ? 'COUNTERSIGN_MASTER_KEY.' : 'COUNTERSIGN_MASTER_KEY_COMMAND.'
}
