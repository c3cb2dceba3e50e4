/**
 * A browser that signs in, without a page: it keeps cookies, follows the csrf value, posts the steps of a login as the portal does. And
 * the clients, users and workflows that such tests need.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { api, basic, form, type Reply, scim, send, type World } from '../world.ts'

export const REDIRECT = 'https://rp.example.org/back'

export interface PortalClient {
  readonly id: string
  readonly secret: string
  readonly token: string
}

/** The payload of a published sample. */
export const sample = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../vectors/workflows/${name}.json`, import.meta.url), 'utf8')).payload

const configuration = (world: World) => `/configuration/${world.demo.tenant}/v2`

export async function storeWorkflow(world: World, bearer: string, payload: unknown): Promise<string> {
  const id = `ID_${randomUUID().slice(0, 8).toUpperCase()}`
  const reply = await api(world, bearer, 'POST', `${configuration(world)}/Custo/IDPWorkflows`, {
    schemas: ['urn:hid:scim:api:idp:2.0:Customization'],
    id,
    payload,
  })
  if (reply.status !== 201) throw new Error(`workflow: ${reply.status} ${reply.text}`)
  return id
}

export async function portalClient(
  world: World,
  bearer: string,
  payload: unknown,
  metadata: Record<string, unknown> = {},
): Promise<PortalClient> {
  const workflow_id = await storeWorkflow(world, bearer, payload)
  const authn = `${world.base}/${world.demo.tenant}/authn`
  const { body, text } = await send(`${authn}/register`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: `shop ${randomUUID().slice(0, 8)}`,
      redirect_uris: [REDIRECT],
      response_types: ['code', 'code id_token', 'id_token'],
      grant_types: ['client_credentials', 'authorization_code'],
      hid_client_scopes: JSON.stringify({ scopes: ['openid', 'profile'] }),
      hid_user_channel: 'CH_EXTRAPP',
      workflow_id,
      ...metadata,
    }),
  })
  if (typeof body.client_id !== 'string') throw new Error(`register: ${text}`)
  await giveRole(world, bearer, body.client_id, 'RL_OPENIDCLIENT')
  const { client_id: id, client_secret: secret } = body
  const answer =
    secret === undefined
      ? undefined
      : await send(`${authn}/token`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: basic(id, secret) },
          body: form({ grant_type: 'client_credentials' }),
        })
  return { id, secret, token: answer?.body.access_token }
}

async function giveRole(world: World, bearer: string, clientId: string, role: string): Promise<void> {
  const found = await scim(world, bearer, 'POST', '/Users/.search', { filter: `externalId eq "${clientId}"` })
  const [user] = found.body.resources
  await scim(world, bearer, 'PUT', `/Users/${user.id}`, { roles: [{ value: role }] })
}

export interface Pushing {
  readonly scope?: string
  readonly response_type?: string
  readonly [name: string]: string | undefined
}

export async function push(world: World, client: PortalClient, more: Pushing = {}): Promise<string> {
  const fields = {
    scope: 'openid profile',
    response_type: 'code',
    client_id: client.id,
    redirect_uri: REDIRECT,
    ...more,
  }
  const reply = await send(`${world.base}/${world.demo.tenant}/authn/par`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${client.token}` },
    body: form(
      Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Record<string, string>,
    ),
  })
  if (reply.status !== 200) throw new Error(`par: ${reply.status} ${reply.text}`)
  return reply.body.request_uri
}

/** One browser; a login in it at a time. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #world: World
  csrf: string | undefined
  requestUri = ''

  constructor(world: World) {
    this.#world = world
  }

  get authn(): string {
    return `${this.#world.base}/${this.#world.demo.tenant}/authn`
  }

  async visit(client: Pick<PortalClient, 'id'>, requestUri: string): Promise<Reply> {
    this.requestUri = requestUri
    const query = new URLSearchParams({ request_uri: requestUri, client_id: client.id })
    const reply = await this.get(`login?${query}`)
    this.csrf = this.cookies.get('server-csrf-token')
    return reply
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#sent(path, { headers })
  }

  flow(username?: string): Promise<Reply> {
    const query = new URLSearchParams({ request_uri: this.requestUri, ...(username ? { username } : {}) })
    return this.get(`flow?${query}`, this.#withCsrf())
  }

  code(fields: Record<string, string>, headers: Record<string, string> = this.#withCsrf()): Promise<Reply> {
    return this.#sent('code', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: form({ request_uri: this.requestUri, grant_type: 'password', ...fields }),
    })
  }

  /** What protects an enrolment. */
  enrolCode(fields: Record<string, string>): Promise<Reply> {
    return this.#sent('enroll/code', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...this.#withCsrf() },
      body: form({ request_uri: this.requestUri, grant_type: 'password', ...fields }),
    })
  }

  /** A JSON body, with the csrf value. */
  json(path: string, body: object, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#sent(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#withCsrf(), ...headers },
      body: JSON.stringify({ request_uri: this.requestUri, ...body }),
    })
  }

  /** With the csrf value, and whatever it changes. */
  call(method: string, path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#sent(path, { method, headers: { ...this.#withCsrf(), ...headers } })
  }

  /** Another window with the same cookies, of which the first learns nothing. */
  copy(): Browser {
    const copy = new Browser(this.#world)
    for (const [name, value] of this.cookies) copy.cookies.set(name, value)
    copy.csrf = this.csrf
    copy.requestUri = this.requestUri
    return copy
  }

  consent(sharings: unknown): Promise<Reply> {
    return this.#sent('consent', {
      method: 'PUT',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...this.#withCsrf() },
      body: form({ request_uri: this.requestUri, sharings: JSON.stringify(sharings) }),
    })
  }

  /** The last navigation; answers the parameters that the client gets. */
  async end(): Promise<URLSearchParams> {
    const reply = await this.get(`code?${new URLSearchParams({ request_uri: this.requestUri })}`)
    const location = reply.headers.get('location')
    if (reply.status !== 302 || !location) throw new Error(`end: ${reply.status} ${reply.text}`)
    const url = new URL(location)
    return new URLSearchParams(url.search || url.hash.slice(1))
  }

  #withCsrf(): Record<string, string> {
    return this.csrf === undefined ? {} : { 'server-csrf-token': this.csrf }
  }

  async #sent(path: string, init: RequestInit): Promise<Reply> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const reply = await send(`${this.authn}/${path}`, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), ...(cookie ? { cookie } : {}) },
    })
    for (const line of reply.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split('=')
      this.cookies.set(name.trim(), value)
    }
    const next = reply.headers.get('server-csrf-token')
    if (next !== null) this.csrf = next
    return reply
  }
}

export function redeem(
  world: World,
  client: PortalClient,
  code: string,
  more: Record<string, string> = {},
): Promise<Reply> {
  return send(`${world.base}/${world.demo.tenant}/authn/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: basic(client.id, client.secret) },
    body: form({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT, ...more }),
  })
}
