/**
 * Two small doors of the tests' own, served on a real socket, and a client that writes exactly the bytes it is told to.
 * The handlers answer what they were given, so that a test sees what the carrier made of a request.
 */
import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { connect } from 'node:net'
import Type from 'typebox'
import { Refusal, refusals } from '#domain/refusal.ts'
import type { Dialect } from '#http/dialect.ts'
import type { Door } from '#http/door.ts'
import { anyBearer, anyone, bearerMay, type Caller, clientProof, endpoint, type Situation } from '#http/endpoint.ts'
import type { Hooks } from '#http/exchange.ts'
import { type Carrier, type CarrierOptions, carrier } from '#http/server.ts'
import { Traffic } from '#http/traffic.ts'

export interface World {
  readonly name: string
}
interface Needs {
  readonly hold: () => Promise<void>
}
type Told = Situation<World>

const scimDialect: Dialect = {
  refuse: refusal => ({
    status: refusals[refusal.code][0],
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(refusals[refusal.code][0]),
      detail: refusal.hint,
    },
  }),
  fault: correlation => ({ status: 500, body: { status: '500', detail: correlation } }),
}

const openidDialect: Dialect = {
  refuse: refusal => ({
    status: refusals[refusal.code][0],
    body: { error: refusal.code, error_description: refusal.hint },
  }),
  fault: correlation => ({ status: 500, body: { error: 'server_error', error_description: correlation } }),
}
const told = (situation: Told) => ({
  tenant: situation.tenant?.name,
  caller: situation.caller?.client,
  source: situation.source,
  origin: situation.origin,
})

const token = endpoint({
  method: 'POST',
  path: '/{tenant}/authn/token',
  summary: 'Echoes a form.',
  access: clientProof('the endpoint looks at the client itself'),
  accepts: { as: 'form', shape: Type.Object({ grant_type: Type.String({ maxLength: 40 }) }), alsoInQuery: true },
  answers: { status: 200, shape: Type.Object({ body: Type.Unknown() }) },
  refusals: ['invalid_grant', 'temporarily_unavailable'],
  async handle({ body }, situation: Told) {
    const wanted: string = body.grant_type
    if (wanted === 'busy') throw new Refusal('temporarily_unavailable', undefined, { retryAfter_seconds: 1.2 })
    if (wanted === 'undeclared') throw new Refusal('uniqueness')
    if (wanted === 'crash') throw new Error('the secret cause')
    if (wanted === 'bad-header') return { headers: { 'x-bad': 'a\r\nset-cookie: b' }, body: {} }
    if (wanted === 'cookies') return { headers: { 'set-cookie': ['a=1', 'b=2'] }, body: {} }
    if (wanted === 'cached') return { headers: { 'cache-control': 'public, max-age=60' }, body: {} }
    return { body: { body, ...told(situation) } }
  },
})

const jwks = endpoint({
  method: 'GET',
  path: '/{tenant}/authn/jwks',
  summary: 'Public keys.',
  access: anyone('keys are public'),
  answers: { status: 200, shape: Type.Object({ keys: Type.Array(Type.Unknown()) }) },
  refusals: [],
  handle: async (_request, situation: Told) => ({ body: { keys: [], ...told(situation) } }),
})

const slow = endpoint({
  method: 'GET',
  path: '/{tenant}/authn/slow',
  summary: 'Answers when the test lets it.',
  access: anyone('a test'),
  answers: { status: 200, shape: Type.Object({ done: Type.Boolean() }) },
  refusals: [],
  async handle(_request, _situation: Told, needs: Needs) {
    await needs.hold()
    return { body: { done: true } }
  },
})

const portal = endpoint({
  method: 'GET',
  path: '/{tenant}/authn/portal',
  summary: 'A page.',
  access: anyone('a page for browsers'),
  answers: { status: 200, shape: Type.String(), type: 'text/html;charset=UTF-8' },
  refusals: [],
  handle: async () => ({ body: '<!doctype html><title>Page</title>' }),
})

const userinfo = endpoint({
  method: 'GET',
  path: '/{tenant}/authn/userinfo',
  summary: 'Who the token speaks for.',
  access: anyBearer('it concerns the token itself'),
  answers: { status: 200, shape: Type.Object({ sub: Type.String() }) },
  refusals: [],
  handle: async (_request, situation: Told) => ({ body: { sub: situation.caller?.client } }),
})

const id = Type.Object({ tenant: Type.String(), id: Type.String({ maxLength: 100 }) })

function scimEcho<M extends 'GET' | 'PUT' | 'DELETE'>(method: M, path: string, permission: string) {
  return endpoint({
    method,
    path,
    summary: `Echoes a ${method} of one resource.`,
    access: bearerMay(permission),
    params: id,
    ...(method === 'PUT' ? { accepts: { as: 'json' as const, shape: Type.Object({}), maxBytes: 100_000 } } : {}),
    answers: { status: method === 'DELETE' ? 204 : 200, shape: Type.Object({ id: Type.String() }) },
    refusals: [],
    handle: async (request, situation: Told) => ({
      body: { id: request.path.id, path, body: request.body ?? null, ...told(situation) },
    }),
  })
}

const search = endpoint({
  method: 'POST',
  path: '/scim/{tenant}/v2/Users/.search',
  summary: 'Echoes a search.',
  access: bearerMay('users.read'),
  accepts: {
    as: 'json',
    shape: Type.Object({ filter: Type.Optional(Type.String({ maxLength: 100 })) }),
    mayBeEmpty: true,
  },
  answers: { status: 200, shape: Type.Object({ body: Type.Unknown() }) },
  refusals: ['invalid_filter'],
  handle: async request => ({ body: { body: request.body, path: 'search' } }),
})

const list = endpoint({
  method: 'GET',
  path: '/scim/{tenant}/v2/Users',
  summary: 'Echoes a query.',
  access: bearerMay('users.read'),
  query: Type.Object({ count: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })) }),
  answers: { status: 200, shape: Type.Object({ query: Type.Unknown() }) },
  refusals: [],
  handle: async request => ({ body: { query: request.query } }),
})

export const openidDoor = (hold: () => Promise<void> = async () => undefined): Door => ({
  name: 'openid',
  endpoints: [token, jwks, slow, portal, userinfo],
  needs: { hold } satisfies Needs,
  dialect: openidDialect,
  prefixes: ['/{tenant}/authn/'],
  alsoUnder: '/idp',
})

export const scimDoor: Door = {
  name: 'scim',
  endpoints: [
    list,
    search,
    scimEcho('GET', '/scim/{tenant}/v2/Users/{id}', 'users.read'),
    scimEcho('PUT', '/scim/{tenant}/v2/Users/{id}', 'users.write'),
    scimEcho('DELETE', '/scim/{tenant}/v2/Users/{id}', 'users.write'),
    scimEcho('GET', '/scim/{tenant}/v2/Authenticator/{id}', 'users.read'),
    scimEcho('GET', '/scim/{tenant}/v2/Device/{id}', 'users.read'),
    scimEcho('GET', '/scim/{tenant}/v2/Device/Provision/{id}', 'users.read'),
  ],
  needs: undefined,
  dialect: scimDialect,
  prefixes: ['/scim/'],
  trailingSlash: true,
  anyCase: '/scim',
  jsonType: 'application/scim+json;charset=utf-8',
  mismatch: 'invalid_value',
}

export interface LogLine {
  readonly level: string
  readonly fields: Record<string, unknown>
  readonly message: string
}

export interface Running {
  readonly carrier: Carrier
  readonly port: number
  readonly log: LogLine[]
  readonly traffic: Traffic
  /** Names of tenants that were looked up. */
  readonly looked: string[]
  send(method: string, path: string, more?: Sent): Promise<Received>
  /** Writes bytes, answers all that comes back until the server hangs up or an answer is complete. */
  raw(bytes: string | Buffer): Promise<string>
}

interface Sent {
  readonly headers?: Record<string, string | string[]>
  readonly body?: string | Buffer
}

export interface Received {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  readonly json: any
}

const permissions = new Set(['users.read'])
const reader: Caller = { kind: 'client', user: 7, client: 'reader', session: 1, permissions, roles: ['RL_READ'] }

/** Serves the doors on a free port of loopback. */
export async function serve(more: Partial<CarrierOptions<World>> = {}): Promise<Running> {
  const log: LogLine[] = []
  const looked: string[] = []
  const traffic = more.traffic ?? new Traffic()
  const note = (level: string) => (fields: object, message: string) => {
    log.push({ level, fields: fields as Record<string, unknown>, message })
  }
  const identify: Hooks<World>['identify'] = async (tenant, bearer) => {
    if (bearer === 'limited') throw new Refusal('too_many_requests')
    if (bearer === 'broken') throw new Error('the store is away')
    return bearer === `good-${tenant.name}` ? reader : undefined
  }
  const running = carrier<World>({
    doors: [openidDoor(), scimDoor],
    origin: 'https://id.example',
    trustedProxies: [],
    traffic,
    tenants: {
      find: async name => {
        looked.push(name)
        return name === 'demo' || name === 'other' ? { name } : undefined
      },
    },
    identify,
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    random: { bytes: count => randomBytes(count) },
    ...more,
  })
  const port = await running.listen(0, '127.0.0.1')
  return {
    carrier: running,
    port,
    log,
    traffic,
    looked,
    send: (method, path, sent = {}) => send(port, method, path, sent),
    raw: bytes => raw(port, bytes),
  }
}

function send(port: number, method: string, path: string, sent: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', method, path, headers: sent.headers ?? {}, agent: false })
    outgoing.on('error', reject)
    outgoing.on('response', incoming => {
      const chunks: Buffer[] = []
      incoming.on('data', chunk => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const type = incoming.headers['content-type'] ?? ''
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text,
          json: type.includes('json') && text !== '' ? JSON.parse(text) : undefined,
        })
      })
    })
    outgoing.end(sent.body)
  })
}

function raw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let received = ''
    socket.on('data', chunk => {
      received += chunk.toString('latin1')
    })
    socket.on('close', () => resolve(received))
    socket.on('error', reject)
  })
}
