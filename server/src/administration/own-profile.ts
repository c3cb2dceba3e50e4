/** What a person sees of himself beside his devices: his names, when he signed in how, and which passwords he has. */

import type { AdministrationNeeds } from '#administration/needs.ts'
import { loadUsers, type UserView } from '#administration/user-view.ts'
import type { UserId } from '#domain/ids.ts'
import type { Policy } from '#domain/policy.ts'
import type { AuthenticatorRow } from '#domain/ports/authenticator-queries.ts'
import { rowsOf } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface LastSignIn {
  readonly policy: Policy
  readonly at_ms: number
  readonly channel: string | null
  readonly device: number | null
}

export interface OwnProfile {
  readonly user: UserView
  readonly signIns: readonly LastSignIn[]
}

export interface HeldPassword {
  readonly policy: Policy
  readonly expiryAt_ms: number | null
  readonly lastUsedAt_ms: number | null
}

const MOST_SIGN_INS = 10

export class OwnProfiles {
  readonly #needs: Pick<AdministrationNeeds, 'store' | 'users' | 'authenticators'>

  constructor(needs: Pick<AdministrationNeeds, 'store' | 'users' | 'authenticators'>) {
    this.#needs = needs
  }

  async load(tenant: Tenant, id: UserId): Promise<OwnProfile> {
    const { store, users, authenticators } = this.#needs
    const [user, rows] = await store.read(tenant.number, function* () {
      const [found] = yield* loadUsers(users, tenant.number, [id], new Set())
      return [found, yield* rowsOf(authenticators.authenticatorsOf(tenant.number, [id]))] as const
    })
    if (!user) throw new Refusal('not_found')
    const signIns = rows
      .flatMap(row => lastSignIn(tenant, row))
      .sort((one, other) => other.at_ms - one.at_ms)
      .slice(0, MOST_SIGN_INS)
    return { user, signIns }
  }

  /** Those that are good for more than one use. */
  async passwords(tenant: Tenant, id: UserId): Promise<readonly HeldPassword[]> {
    const { store, authenticators } = this.#needs
    const rows = await store.read(tenant.number, () => rowsOf(authenticators.authenticatorsOf(tenant.number, [id])))
    return rows.flatMap(row => {
      const policy = tenant.configuration.findPolicy(row.policy)
      if (!policy?.password || policy.defaultExpiryThreshold > 0 || row.status !== 'ENABLED') return []
      return [{ policy, expiryAt_ms: row.expiryAt, lastUsedAt_ms: row.lastSuccessAt }]
    })
  }
}

function lastSignIn({ configuration }: Tenant, row: AuthenticatorRow): readonly LastSignIn[] {
  const policy = configuration.findPolicy(row.policy)
  if (!policy || row.lastSuccessAt === null) return []
  const channel = configuration.findChannel(row.lastSuccessChannel ?? '')?.name ?? row.lastSuccessChannel
  return [{ policy, at_ms: row.lastSuccessAt, channel, device: row.lastSuccessDevice }]
}
