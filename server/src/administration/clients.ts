/**
 * Clients: a user in `UG_CLIENTID` that stands for the application, and what the application registered (RFC 7591). Its secret
 * is 256 random bits, shown once and kept as its hash. One that registers itself by a bearer has no role until somebody
 * who may gives it one.
 */
import { type Administrator, change } from '#administration/change.ts'
import { addClient, type ClientToAdd } from '#administration/client-create.ts'
import type { ClientsNeeds, StoredClient } from '#administration/client-needs.ts'
import { removeClient } from '#administration/client-remove.ts'
import { needsSecret, updateClient } from '#administration/client-update.ts'
import type { ClientDocument } from '#domain/client.ts'
import { permissionsOf } from '#domain/permission.ts'
import { first } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

type Switches = 'authMethod' | 'delivery' | 'numberMatching' | 'userlessSilent' | 'dcs' | 'dcsFreeText'
type SignIn = 'redirectUris' | 'responseTypes' | 'applicationType' | 'workflowId' | 'themeId' | 'consentPrompt'

export interface NewClient extends Pick<ClientDocument, Switches | SignIn> {
  readonly name: string
  readonly role: string
  readonly scopes: readonly string[]
}

export interface RegisteredClient {
  readonly clientId: string
  readonly secret: string
  readonly user: number
}

const ID_DIGITS = 40
const operator: Administrator = {
  actor: { kind: 'operator' },
  permissions: permissionsOf(['RL_ORGADMIN']),
  correlation: 'cli',
}

export class ClientRegistry {
  readonly #needs: ClientsNeeds

  constructor(needs: ClientsNeeds) {
    this.#needs = needs
  }

  /** By the operator, who gives the role at once. */
  async register(tenant: Tenant, { name, role, scopes, ...chosen }: NewClient): Promise<RegisteredClient> {
    const grants = ['client_credentials', 'password', 'urn:openid:params:grant-type:ciba']
    const document: ClientDocument = {
      name,
      grantTypes: chosen.redirectUris ? [...grants, 'authorization_code'] : grants,
      scopes,
      ownPolicy: 'AT_SYSLOG',
      userPolicy: 'AT_STDPWD',
      userChannel: 'CH_EXTRAPP',
      ...chosen,
    }
    const { secret = '', user, clientId } = await this.#add(tenant, { document, role }, operator)
    return { clientId, secret, user }
  }

  /** By a bearer: without a role; with a secret where its method needs one. */
  async add(
    tenant: Tenant,
    document: ClientDocument,
    by: Administrator,
  ): Promise<StoredClient & { readonly secret?: string }> {
    return this.#add(tenant, { document }, by)
  }

  async load(tenant: Tenant, clientId: string): Promise<StoredClient> {
    const { store, clients } = this.#needs
    const row = await store.read(tenant.number, () => first(clients.registration(tenant.number, clientId)))
    if (!row) throw new Refusal('not_found', 'There is no client with this id.')
    return { clientId, document: JSON.parse(row.document) as ClientDocument, createdAt_ms: row.createdAt }
  }

  /** Replaces what a client registered; answers a secret where it needs one and had none. */
  async update(
    tenant: Tenant,
    clientId: string,
    document: ClientDocument,
    by: Administrator,
  ): Promise<StoredClient & { readonly secret?: string }> {
    const secret = this.#needs.makeSecret()
    const wanted = { clientId, document, secretProof: secret.proof }
    const { fresh, ...stored } = await change(this.#needs, tenant, current =>
      updateClient(this.#needs, current, wanted, by),
    )
    return { ...stored, ...(fresh ? { secret: secret.text } : {}) }
  }

  async remove(tenant: Tenant, clientId: string, by: Administrator): Promise<void> {
    await change<true>(this.#needs, tenant, current => removeClient(this.#needs, current, clientId, by))
  }

  async #add(tenant: Tenant, wanted: Pick<ClientToAdd, 'document' | 'role'>, by: Administrator) {
    const { ids, random, makeSecret } = this.#needs
    const [user] = await ids.next(tenant.number, 1)
    if (user === undefined) throw new Refusal('temporarily_unavailable')
    const clientId = decimalId(random.bytes(ID_DIGITS))
    const secret = needsSecret(wanted.document) ? makeSecret() : undefined
    const client = { ...wanted, user, clientId, secretProof: secret?.proof ?? null }
    const stored = await change(this.#needs, tenant, current => addClient(this.#needs, current, client, by))
    return { ...stored, user, ...(secret ? { secret: secret.text } : {}) }
  }
}

/** Decimal, as the reference's client ids are; about 130 random bits. */
const decimalId = (bytes: Uint8Array): string => Array.from(bytes, byte => String(byte % 10)).join('')
