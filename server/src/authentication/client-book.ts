/**
 * Clients as they were at one version of their tenant. Every change of a client raises that version, and whoever decides
 * compares it in its first flush: a known client therefore costs no query and is never out of date where it matters.
 */
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { ClientDocument } from '#domain/client.ts'
import type { TenantNumber } from '#domain/ids.ts'
import { permissionsOf } from '#domain/permission.ts'
import type { HeldClient } from '#domain/ports/client-queries.ts'
import { first } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface KnownClient {
  readonly clientId: string
  readonly user: number
  /** Why it may not act; undefined when it may. */
  readonly obstacle: string | undefined
  readonly secretProof: Uint8Array | null
  readonly document: ClientDocument
  readonly roles: readonly string[]
  readonly permissions: ReadonlySet<string>
}

interface Page {
  readonly version: number
  /** Null: there is no such client. */
  readonly clients: Map<string, KnownClient | null>
}

/** What a unit answers that met a client which is not known by heart; it has written nothing, and runs again when it is. */
export class UnknownClient {
  readonly clientId: string

  constructor(clientId: string) {
    this.clientId = clientId
  }
}

const MOST_TENANTS = 500
const MOST_CLIENTS = 2000

type Needs = Pick<AuthenticationNeeds, 'store' | 'clients'> & {
  /** A client that is part of this server and stands in no row. */
  builtIn(tenant: Tenant, clientId: string): KnownClient | undefined
}

export class ClientBook {
  readonly #needs: Needs
  readonly #pages = new Map<TenantNumber, Page>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Only what was loaded for this version; inside a unit of work nothing else can be had. */
  find(tenant: Tenant, clientId: string): KnownClient | null | undefined {
    const builtIn = this.#needs.builtIn(tenant, clientId)
    if (builtIn) return builtIn
    const page = this.#pages.get(tenant.number)
    return page?.version === tenant.version ? page.clients.get(clientId) : undefined
  }

  async load(tenant: Tenant, clientId: string): Promise<KnownClient | null> {
    const known = this.find(tenant, clientId)
    if (known !== undefined) return known
    const { store, clients } = this.#needs
    const row = await store.read(tenant.number, () => first(clients.client(tenant.number, clientId)))
    const client = row ? clientOf(row) : null
    this.#keep(tenant, clientId, client)
    return client
  }

  #keep(tenant: Tenant, clientId: string, client: KnownClient | null): void {
    let page = this.#pages.get(tenant.number)
    if (page && page.version > tenant.version) return
    if (page?.version !== tenant.version) {
      page = { version: tenant.version, clients: new Map() }
      this.#pages.delete(tenant.number)
      this.#pages.set(tenant.number, page)
      dropOldest(this.#pages, MOST_TENANTS)
    }
    page.clients.set(clientId, client)
    dropOldest(page.clients, MOST_CLIENTS)
  }
}

function dropOldest<K>(map: Map<K, unknown>, most: number): void {
  if (map.size <= most) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}

function clientOf(row: HeldClient): KnownClient {
  const roles = row.roles ? row.roles.split(' ') : []
  return {
    clientId: row.clientId,
    user: row.user,
    obstacle: row.status !== 'ACTIVE' ? 'client_disabled' : row.userActive === 1 ? undefined : 'user_disabled',
    secretProof: row.secretProof,
    document: JSON.parse(row.document) as ClientDocument,
    roles,
    permissions: permissionsOf(roles),
  }
}
