/** Every step of the schema in its order, for both engines. Steps are only ever added at the end. */
import { nouns } from '#storage/migrations/0001-nouns.ts'
import { audit } from '#storage/migrations/0002-audit.ts'
import { keys } from '#storage/migrations/0003-keys.ts'
import { held } from '#storage/migrations/0004-held.ts'
import { approve } from '#storage/migrations/0005-approve.ts'
import { assertions } from '#storage/migrations/0006-assertions.ts'
import { logins } from '#storage/migrations/0007-logins.ts'
import { outOfBand } from '#storage/migrations/0008-out-of-band.ts'
import { recovery } from '#storage/migrations/0009-recovery.ts'
import { fidoMetadata } from '#storage/migrations/0010-fido-metadata.ts'
import { passkeys } from '#storage/migrations/0011-passkeys.ts'
import type { Migration } from '#storage/migrations/migration.ts'

export const migrations: readonly Migration[] = [
  nouns,
  audit,
  keys,
  held,
  approve,
  assertions,
  logins,
  outOfBand,
  recovery,
  fidoMetadata,
  passkeys,
]

/** The number of this release, compared with `min_binary` of the schema that a store has. */
export const BINARY = 1
