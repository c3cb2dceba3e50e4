/** The first step of a restore: does the master key at hand open this backup? Asked before the store is replaced. */

import { first } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import { MasterKey } from '#keys/master-key.ts'
import { findMasterKeyBytes, type MasterKeySource } from '#keys/master-key-source.ts'
import { StoreUnusable } from '#storage/engine-unusable.ts'
import { keyQueries } from '#storage/keys.ts'
import type { EpochStep } from '#storage/raise-epoch.ts'

const CHECK = 'check'
// The key is only ever asked whether it opens something.
const nothingIsMade = {
  bytes(): never {
    throw new Fault('a restore wraps nothing')
  },
}

export async function masterKeyStep(source: MasterKeySource): Promise<EpochStep> {
  const bytes = await findMasterKeyBytes(source)
  if (!bytes) {
    throw new StoreUnusable(
      'The master key is missing.',
      'Put back the one the store was made with; a backup never holds it.',
    )
  }
  const master = new MasterKey(bytes, nothingIsMade)
  return {
    name: 'master key',
    *unit() {
      const row = yield* first(keyQueries.storeKey(CHECK))
      if (row && !master.find(['store_key', CHECK], row.wrapped)) {
        throw new StoreUnusable(
          'This is not the master key of the backup.',
          'Put the right one in place and try again.',
        )
      }
      return { more: false, lines: [] }
    },
  }
}
