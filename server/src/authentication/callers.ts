/**
 * Whom a bearer token speaks for. Session and user are read afresh on every call: what ended or was disabled opens nothing
 * from that moment on. Last use is written coalesced and outside the answer, and only when it has aged.
 */
import { ACCOUNT_CLIENT } from '#authentication/account-client.ts'
import type { ClientBook, KnownClient } from '#authentication/client-book.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { DeviceId, SessionId, TenantNumber } from '#domain/ids.ts'
import { permissionsOf } from '#domain/permission.ts'
import type { HeldSession, SessionHolder } from '#domain/ports/session-queries.ts'
import { first, rowsOf } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface Bearer {
  readonly kind: 'client' | 'user'
  readonly user: number
  readonly client: string
  /** Its client reads userinfo as plain JSON. */
  readonly userinfoPlain: boolean
  readonly session: SessionId
  readonly scope: string
  readonly level: string
  /** RFC 8176 values of what was proved. */
  readonly amr: readonly string[]
  /** The device with which it was proved. */
  readonly device: DeviceId | null
  readonly openedAt_ms: number
  readonly roles: readonly string[]
  readonly permissions: ReadonlySet<string>
}

interface Held {
  readonly session: HeldSession
  /** The client that holds the session: whose own it is, or through which a user signed in. */
  readonly client: KnownClient
}

type Needs = Pick<AuthenticationNeeds, 'store' | 'sessions' | 'handles' | 'clock' | 'recorder' | 'reload'> & {
  readonly book: ClientBook
}

const MOST_TOUCHES = 10_000
const FRESH_MS = 30_000

export class Callers {
  readonly #needs: Needs
  readonly #touched = new Map<SessionId, { readonly tenant: TenantNumber; readonly at: number }>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  async find(tenant: Tenant, bearer: string): Promise<Bearer | undefined> {
    const held = await this.#held(tenant, bearer)
    if (!held) return undefined
    const { session, client } = held
    const { user, scope, level, device } = session
    const proved = { level, amr: session.amr.split(' '), device, openedAt_ms: session.createdAt }
    const userinfoPlain = client.document.userinfoPlain === true
    const shared = { user, client: client.clientId, userinfoPlain, session: session.session, scope, ...proved }
    if (user === client.user) return { kind: 'client', ...shared, roles: client.roles, permissions: client.permissions }
    // What a page of ours in a browser holds opens the person's own things only, whatever else he may do.
    if (client.clientId === ACCOUNT_CLIENT)
      return { kind: 'user', ...shared, roles: [], permissions: permissionsOf([]) }
    const { store, sessions } = this.#needs
    const rows = await store.read(tenant.number, () => rowsOf(sessions.rolesOf(tenant.number, user)))
    const roles = rows.map(({ role }) => role)
    return { kind: 'user', ...shared, roles, permissions: permissionsOf(roles) }
  }

  /** The client whose own token this is; a user's token answers nothing. */
  async findClient(tenant: Tenant, bearer: string): Promise<KnownClient | undefined> {
    const held = await this.#held(tenant, bearer)
    return held && held.session.user === held.client.user ? held.client : undefined
  }

  /** How the holder of a session is called. */
  async holder(tenant: Tenant, { user }: Bearer): Promise<SessionHolder | undefined> {
    const { store, sessions } = this.#needs
    return store.read(tenant.number, () => first(sessions.holder(tenant.number, user)))
  }

  /** Ends the session of this token; others of its holder go on. */
  async end(tenant: Tenant, { session, user }: Bearer, correlation: string): Promise<void> {
    const { store, sessions, recorder, clock } = this.#needs
    const event = recorder.record(tenant.number, {
      action: 'endSession',
      result: 'SUCCESS',
      actor: { kind: 'user', id: user },
      user,
      parameters: { COI: correlation },
    })
    const queries = [sessions.endSession(tenant.number, session, clock.now()), ...event.queries]
    await store.write(tenant.number, function* () {
      yield queries
    })
  }

  async #held(tenant: Tenant, bearer: string): Promise<Held | undefined> {
    const { store, sessions, handles, clock, book, reload } = this.#needs
    const handle = handles.read('access_token', bearer)
    if (!handle) return undefined
    const session = await store.read(tenant.number, () => first(sessions.session(tenant.number, handle.rowId)))
    const now = clock.now()
    if (!session || !handles.sameProof(session.proof, handle.proof) || !isOpen(session, now)) return undefined
    const current = session.version > tenant.version ? await reload(tenant) : tenant
    const client = book.find(current, session.client) ?? (await book.load(current, session.client))
    if (!client || client.obstacle) return undefined
    this.#touch(tenant.number, session, now)
    return { session, client }
  }

  #touch(tenant: TenantNumber, { session, lastUsedAt, idle_ms }: HeldSession, now: number): void {
    if (now - lastUsedAt <= Math.min(idle_ms / 2, Math.max(FRESH_MS, idle_ms / 10))) return
    if (this.#touched.size < MOST_TOUCHES) this.#touched.set(session, { tenant, at: now })
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

function isOpen(session: HeldSession, now: number): boolean {
  if (session.endedAt !== null || now >= session.expiresAt) return false
  if (session.idle_ms > 0 && now - session.lastUsedAt >= session.idle_ms) return false
  return session.userActive === 1 && session.createdAt > session.sessionsFrom
}
