/**
 * What this corridor needs from the world: the store and its queries, clock, chance, slow hashes, handles, the audit.
 * `compose` hands it in; nothing here is imported from the rooms that provide it.
 */
import type { Hmac } from '@countersign/protocol/oath/hmac.ts'
import type { Happenings } from '#domain/ids.ts'
import type { BudgetQueries } from '#domain/ports/budget-queries.ts'
import type { ClientQueries } from '#domain/ports/client-queries.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { Handles } from '#domain/ports/handles.ts'
import type { Hasher } from '#domain/ports/hasher.ts'
import type { OobQueries } from '#domain/ports/oob-queries.ts'
import type { ProofQueries } from '#domain/ports/proof-queries.ts'
import type { Random } from '#domain/ports/random.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import type { SessionQueries } from '#domain/ports/session-queries.ts'
import type { Store } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface AuthenticationNeeds {
  readonly store: Store
  readonly proofs: ProofQueries
  readonly oob: OobQueries
  readonly sessions: SessionQueries
  readonly clients: ClientQueries
  readonly budgets: BudgetQueries
  readonly clock: Clock
  readonly random: Random
  readonly happenings: Happenings
  readonly hasher: Hasher
  readonly handles: Handles
  readonly recorder: Recorder
  readonly hmac: Hmac
  /** Loads the tenant anew; called when a deciding unit finds that its version has risen. */
  reload(tenant: Tenant): Promise<Tenant>
}
