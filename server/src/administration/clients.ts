/**
 * Clients are made here: a user in `UG_CLIENTID` that stands for the application, its role, and a secret of 256 random
 * bits that is shown once and kept as its hash.
 */
import type { AdministrationNeeds } from '#administration/needs.ts'
import type { ClientDocument } from '#domain/client.ts'
import type { Actor } from '#domain/event.ts'
import type { ClientQueries } from '#domain/ports/client-queries.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { User } from '#domain/user.ts'

export interface ClientsNeeds extends AdministrationNeeds {
  readonly clients: ClientQueries
  makeSecret(): { readonly text: string; readonly proof: Uint8Array }
}

export interface NewClient {
  readonly name: string
  readonly role: string
  readonly scopes: readonly string[]
  readonly actor?: Actor
}

export interface RegisteredClient {
  readonly clientId: string
  readonly secret: string
  readonly user: number
}

const GROUP = 'UG_CLIENTID'
const ID_DIGITS = 40

export class ClientRegistry {
  readonly #needs: ClientsNeeds

  constructor(needs: ClientsNeeds) {
    this.#needs = needs
  }

  async register(tenant: Tenant, client: NewClient): Promise<RegisteredClient> {
    const { store, ids, random } = this.#needs
    if (!tenant.configuration.findRole(client.role)) throw new Refusal('unknown_role')
    const [user] = await ids.next(tenant.number, 1)
    if (user === undefined) throw new Refusal('temporarily_unavailable')
    const clientId = decimalId(random.bytes(ID_DIGITS))
    const secret = this.#needs.makeSecret()
    const refusal = await store.write(tenant.number, () =>
      this.#add(tenant, client, { user, clientId, proof: secret.proof }),
    )
    if (refusal) throw refusal
    return { clientId, secret: secret.text, user }
  }

  *#add(
    tenant: Tenant,
    { name, role, scopes, actor = { kind: 'operator' } }: NewClient,
    { user: id, clientId, proof }: { user: number; clientId: string; proof: Uint8Array },
  ): Unit<Refusal | undefined> {
    const { users, clients, recorder, clock, count } = this.#needs
    const now = clock.now()
    const user: User = {
      id,
      externalId: clientId,
      userName: clientId,
      group: GROUP,
      active: true,
      familyName: null,
      givenName: null,
      title: name,
      createdAt_ms: now,
      version: 1,
    }
    if (!(yield* first(users.claimName(tenant.number, clientId, id)))) return new Refusal('uniqueness')
    const event = recorder.record(tenant.number, {
      action: 'addClient',
      result: 'SUCCESS',
      actor,
      user: id,
      parameters: { ROC: role },
    })
    yield [
      ...users.addUser(tenant.number, user),
      users.addRole(tenant.number, id, role),
      count(tenant.number, 'user', 1),
      clients.addClient(tenant.number, {
        clientId,
        user: id,
        secretKind: 'machine',
        secretProof: proof,
        document: JSON.stringify(documentOf(name, scopes)),
        createdAt: now,
      }),
      users.noteClientChange(tenant.number, id),
      ...event.queries,
    ]
    return undefined
  }
}

const documentOf = (name: string, scopes: readonly string[]): ClientDocument => ({
  name,
  grantTypes: ['client_credentials', 'password'],
  scopes,
  ownPolicy: 'AT_SYSLOG',
  userPolicy: 'AT_STDPWD',
  userChannel: 'CH_EXTRAPP',
})

/** Decimal, as the reference's client ids are; about 130 random bits. */
const decimalId = (bytes: Uint8Array): string => Array.from(bytes, byte => String(byte % 10)).join('')
