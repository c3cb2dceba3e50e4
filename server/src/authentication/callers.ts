/**
 * Whom a bearer token speaks for. Read afresh on every call: a session that ended, a user or client that was disabled,
 * opens nothing from that moment on. Last use is written coalesced and outside the answer, and only when it has aged.
 */
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { ClientDocument } from '#domain/client.ts'
import type { SessionId, TenantNumber } from '#domain/ids.ts'
import type { HeldToken } from '#domain/ports/session-queries.ts'
import { first } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface Bearer {
  readonly kind: 'client' | 'user'
  readonly user: number
  readonly client: string
  readonly session: SessionId
  readonly policy: string
  readonly level: string
  readonly scope: string
  readonly expiresAt_ms: number
  readonly startedAt_ms: number
  readonly roles: readonly string[]
  readonly externalId: string
  readonly userName: string
  readonly group: string
  readonly familyName: string | null
  readonly givenName: string | null
}

export interface ClientBearer {
  readonly clientId: string
  readonly document: ClientDocument
  readonly roles: readonly string[]
}

const MOST_TOUCHES = 10_000
const FRESH_MS = 30_000

export class Callers {
  readonly #needs: Pick<AuthenticationNeeds, 'store' | 'sessions' | 'handles' | 'clock'>
  readonly #touched = new Map<SessionId, { readonly tenant: TenantNumber; readonly at: number }>()

  constructor(needs: Pick<AuthenticationNeeds, 'store' | 'sessions' | 'handles' | 'clock'>) {
    this.#needs = needs
  }

  async find(tenant: Tenant, bearer: string): Promise<Bearer | undefined> {
    const row = await this.#held(tenant, bearer)
    return row && bearerOf(row)
  }

  async #held(tenant: Tenant, bearer: string): Promise<HeldToken | undefined> {
    const { store, sessions, handles, clock } = this.#needs
    const handle = handles.read('access_token', bearer)
    if (!handle) return undefined
    const row = await store.read(tenant.number, () =>
      first(sessions.token(tenant.number, handle.rowId, 'access_token')),
    )
    const now = clock.now()
    if (!row || !handles.sameProof(row.proof, handle.proof) || !open(row, now)) return undefined
    this.#touch(tenant.number, row, now)
    return row
  }

  /** The client whose own token this is, with what it registered; a user's token answers nothing. */
  async findClient(tenant: Tenant, bearer: string): Promise<ClientBearer | undefined> {
    const row = await this.#held(tenant, bearer)
    if (!row || row.clientUser !== row.user || row.clientDocument === null) return undefined
    return {
      clientId: row.client,
      document: JSON.parse(row.clientDocument) as ClientDocument,
      roles: row.roles ? row.roles.split(' ') : [],
    }
  }

  #touch(tenant: TenantNumber, row: HeldToken, now: number): void {
    if (now - row.lastUsedAt <= Math.min(row.idle_ms / 2, Math.max(FRESH_MS, row.idle_ms / 10))) return
    if (this.#touched.size < MOST_TOUCHES) this.#touched.set(row.session, { tenant, at: now })
  }

  /** Writes the last uses seen since; called by a job each second and at the end. */
  async writeLastUses(): Promise<void> {
    const touched = [...this.#touched]
    this.#touched.clear()
    const { store, sessions } = this.#needs
    const byTenant = new Map<TenantNumber, [SessionId, number][]>()
    for (const [session, { tenant, at }] of touched) {
      const entries = byTenant.get(tenant) ?? []
      entries.push([session, at])
      byTenant.set(tenant, entries)
    }
    for (const [tenant, entries] of byTenant) {
      for (let start = 0; start < entries.length; start += 100) {
        const queries = entries.slice(start, start + 100).map(([id, at]) => sessions.touchSession(tenant, id, at))
        await store.write(tenant, function* () {
          yield queries
        })
      }
    }
  }
}

function open(row: HeldToken, now: number): boolean {
  if (row.endedAt !== null || now >= row.expiresAt || now >= row.sessionExpiresAt) return false
  if (row.idle_ms > 0 && now - row.lastUsedAt >= row.idle_ms) return false
  return row.userActive === 1 && row.clientStatus === 'ACTIVE'
}

const bearerOf = (row: HeldToken): Bearer => ({
  kind: row.clientUser === row.user ? 'client' : 'user',
  user: row.user,
  client: row.client,
  session: row.session,
  policy: row.policy,
  level: row.level,
  scope: row.scope,
  expiresAt_ms: Math.min(row.expiresAt, row.sessionExpiresAt),
  startedAt_ms: row.createdAt,
  roles: row.roles ? row.roles.split(' ') : [],
  externalId: row.externalId,
  userName: row.userName,
  group: row.group,
  familyName: row.familyName,
  givenName: row.givenName,
})
