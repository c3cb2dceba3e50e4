/**
 * What this corridor needs from the world: the store and its queries, clock, chance, ids, slow hashes, the audit. `compose`
 * hands it in; nothing here is imported from the rooms that provide it.
 */
import type { Happenings, TenantNumber } from '#domain/ids.ts'
import type { AuthenticatorQueries } from '#domain/ports/authenticator-queries.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { DeviceQueries } from '#domain/ports/device-queries.ts'
import type { Hasher } from '#domain/ports/hasher.ts'
import type { NamedIds } from '#domain/ports/named-ids.ts'
import type { OobQueries } from '#domain/ports/oob-queries.ts'
import type { PasskeyQueries } from '#domain/ports/passkey-queries.ts'
import type { ProofQueries } from '#domain/ports/proof-queries.ts'
import type { Random } from '#domain/ports/random.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import type { SessionQueries } from '#domain/ports/session-queries.ts'
import type { Query, Store } from '#domain/ports/store.ts'
import type { UserQueries } from '#domain/ports/user-queries.ts'
import type { SearchQueries, SearchResource } from '#domain/search.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface AdministrationNeeds {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly happenings: Happenings
  readonly recorder: Recorder
  readonly ids: NamedIds
  readonly hasher: Hasher
  readonly users: UserQueries
  readonly authenticators: AuthenticatorQueries
  readonly devices: DeviceQueries
  readonly sessions: SessionQueries
  readonly proofs: ProofQueries
  readonly oob: OobQueries
  readonly passkeyRows: Pick<PasskeyQueries, 'removePasskeysOf'>
  readonly search: SearchQueries
  /** Adds to the kept total of a noun, which unfiltered lists answer; in the unit that adds or removes the rows. */
  count(tenant: TenantNumber, noun: Lowercase<SearchResource>, by: number): Query
  /** Loads the tenant anew; called when a deciding unit finds that its version has risen. */
  reload(tenant: Tenant): Promise<Tenant>
}
