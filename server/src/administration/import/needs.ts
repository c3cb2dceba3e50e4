/** What an import needs from the world; `compose` hands it in. Configuration and sealer come with the tenant. */

import type { Clock } from '#domain/ports/clock.ts'
import type { ImportQueries } from '#domain/ports/import-queries.ts'
import type { NamedIds } from '#domain/ports/named-ids.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import type { Store } from '#domain/ports/store.ts'

export interface ImportNeeds {
  readonly store: Store
  readonly clock: Clock
  readonly recorder: Recorder
  readonly ids: NamedIds
  readonly queries: ImportQueries
  /** For an import that runs after its answer: what went wrong there has no caller to tell. */
  tellFault(error: unknown): void
}
