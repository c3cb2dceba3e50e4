/** Authorization requests of registered clients, judged as `par` and `login` judge them. */
import { randomBytes } from 'node:crypto'
import { ClientBook, type KnownClient } from '#authentication/client-book.ts'
import type { AuthorizationRequest } from '#domain/login.ts'
import { Refusal } from '#domain/refusal.ts'
import { type Asking, RefusedToClient, readAuthorizationRequest } from '#openid/authorization-request.ts'
import { clientQueries } from '#storage/client.ts'
import { clientToken, scim, send, type World } from '../world.ts'

export const REDIRECT = 'https://rp.example/cb'
export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
/** RFC 7636 appendix B. */
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

export interface Registered {
  readonly id: string
  readonly secret: string
  readonly known: KnownClient
}

/** What was answered: the request, or the code of the refusal and the way it may be told by. */
export type Judged =
  | { readonly request: AuthorizationRequest }
  | { readonly code: string; readonly hint: string; readonly back: RefusedToClient['back'] | undefined }

export class AskingWorld {
  readonly world: World
  readonly issuer: string
  readonly bearer: string

  private constructor(world: World, bearer: string) {
    this.world = world
    this.issuer = `${world.demo.base}/${world.demo.tenant}/authn`
    this.bearer = bearer
  }

  static open = async (world: World) => new AskingWorld(world, await clientToken(world))

  tenant = async () => {
    const tenant = await this.world.office.directory.find(this.world.demo.tenant)
    if (!tenant) throw new Error('no demo tenant')
    return tenant
  }

  /** With the role that lets it sign people in, unless another is given. */
  register = async (metadata: object = {}, role: string | null = 'RL_OPENIDCLIENT'): Promise<Registered> => {
    const all = {
      client_name: `asking ${randomBytes(3).toString('hex')}`,
      redirect_uris: [REDIRECT],
      response_types: ['code', 'code id_token', 'id_token'],
      ...metadata,
    }
    const { status, body, text } = await send(`${this.issuer}/register`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(all),
    })
    if (status !== 200) throw new Error(`no client was registered: ${status} ${text}`)
    if (role !== null) {
      const filter = { filter: `externalId eq "${body.client_id}"` }
      const found = await scim(this.world, this.bearer, 'POST', '/Users/.search', filter)
      await scim(this.world, this.bearer, 'PUT', `/Users/${found.body.resources[0].id}`, { roles: [{ value: role }] })
    }
    return { id: body.client_id, secret: body.client_secret, known: await this.known(body.client_id) }
  }

  known = async (id: string): Promise<KnownClient> => {
    const { store } = this.world.ground
    const tenant = await this.world.office.directory.reload(await this.tenant())
    const client = await new ClientBook({ store, clients: clientQueries, builtIn: () => undefined }).load(tenant, id)
    if (!client) throw new Error(`no client ${id}`)
    return client
  }

  judge = async (
    { known }: Registered,
    parameters: Readonly<Record<string, unknown>>,
    at: Asking['at'] = 'login',
  ): Promise<Judged> => {
    const { signingKeys: signer, clock } = this.world.ground
    const asking = { parameters, client: known, tenant: await this.tenant(), issuer: this.issuer, at }
    try {
      return { request: await readAuthorizationRequest(asking, { signer, clock }) }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { code: error.code, hint: error.hint, back: error instanceof RefusedToClient ? error.back : undefined }
    }
  }
}
