/**
 * One request from its routed headers to its written answer, in a fixed order: bounds, tenant, caller, body, shapes, handler.
 * One function does it all, without hooks: each step that a stranger could skip by order or by exception would be a hole.
 * Whatever throws ends in a refusal or in a fault, never in an answer (security.md's rule: decisions fail closed).
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Refusal } from '#domain/refusal.ts'
import { send } from '#http/answer.ts'
import { assertAccess, assertOneAuthorization, bearerOf } from '#http/bearer.ts'
import { decodeBody, mergeParameters, readFormBody, readJson, readQuery } from '#http/body.ts'
import { discardRest, Gone, takeBody } from '#http/body-bytes.ts'
import { correlationOf } from '#http/correlation.ts'
import { allowOrigin } from '#http/cors.ts'
import { neutralDialect, type Refused } from '#http/dialect.ts'
import type { Answer, Caller, Received, Situation } from '#http/endpoint.ts'
import { limits } from '#http/limits.ts'
import type { Route } from '#http/route.ts'
import type { SourceAddress } from '#http/source-address.ts'

export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What the composition hands to the carrier. `T` is the tenant as the composition knows it. */
export interface Hooks<T = unknown> {
  readonly tenants: { find(name: string): Promise<T | undefined> | T | undefined }
  /** Undefined for a token that is not good here, whatever the reason. A Refusal thrown inside is passed on. */
  identify(tenant: T, bearerToken: string, situation: Situation<T>): Promise<Caller | undefined>
  readonly log: Log
  readonly random: { bytes(count: number): Uint8Array }
}

/** What every exchange of a carrier shares. */
export interface Exchanges {
  readonly hooks: Hooks
  readonly source: SourceAddress
  readonly draining: () => boolean
}

/** What the router found out. */
export interface Arrival {
  /** By the monotonic clock. */
  readonly at_ms: number
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly params: Record<string, string>
  /** The raw query string, without its question mark. */
  readonly query: string
  readonly origin: string
}

type Known = { -readonly [Member in keyof Situation]: Situation[Member] }

const HEADER_LINES = limits.headers.value * 2
const tenantName = new RegExp(`^[A-Za-z0-9_-]{1,${limits.tenant_name_characters.value}}$`)

/** Never rejects. */
export async function exchange(shared: Exchanges, route: Route, arrival: Arrival): Promise<void> {
  const { situation, failure } = situationOf(shared, arrival)
  if (route.door.cors !== undefined) allowOrigin(route.door, undefined, arrival.request, arrival.response)
  let status: number
  try {
    if (failure !== undefined) throw failure
    const answer = await answerOf(shared.hooks, route, arrival, situation)
    status = answer.status ?? route.status
    const close = shared.draining()
    send(arrival.response, {
      status,
      uniform: route.uniform,
      type: route.type,
      answer,
      correlation: situation.correlation,
      close,
    })
    if (route.checkBody === undefined) discardRest(arrival.request)
  } catch (error) {
    if (error instanceof Gone) return
    status = refuse(shared, route, arrival, situation, error)
  }
  route.tally.note(status, performance.now() - arrival.at_ms)
}

/** Without chance no id can be made; whoever gets the failure answers with it. */
export function situationOf(shared: Exchanges, { request, origin }: Arrival): { situation: Known; failure?: unknown } {
  const headers = request.headers as Situation['headers']
  const situation: Known = {
    tenant: undefined,
    caller: undefined,
    correlation: 'none',
    source: shared.source(request.socket.remoteAddress, headers['x-forwarded-for']),
    origin,
    headers,
  }
  try {
    situation.correlation = correlationOf(headers['x-correlation-id'], shared.hooks.random)
    return { situation }
  } catch (failure) {
    return { situation, failure }
  }
}

async function answerOf(hooks: Hooks, route: Route, arrival: Arrival, situation: Known): Promise<Answer<unknown>> {
  const { request, params } = arrival
  assertBounds(request)
  if (route.takesTenant) {
    situation.tenant = await findTenant(hooks, params.tenant)
    if (situation.tenant === undefined) throw new Refusal('not_found')
    if (route.door.cors !== undefined) allowOrigin(route.door, situation.tenant, request, arrival.response)
  }
  if (route.endpoint.access.kind !== 'anyone') assertOneAuthorization(request)
  if (route.takesBearer) {
    const token = bearerOf(request.headers.authorization)
    situation.caller = token === undefined ? undefined : await hooks.identify(situation.tenant, token, situation)
  }
  assertAccess(route.endpoint.access, situation.caller)
  route.checkPath?.(params)

  const reads = route.checkQuery !== undefined || route.endpoint.accepts?.alsoInQuery === true
  const query = reads ? readQuery(arrival.query) : {}
  route.checkQuery?.(query)
  const taken = route.checkBody === undefined ? NOTHING : takeBody(request, route.maxBytes)
  const bytes = taken instanceof Promise ? await taken : taken
  const body = route.checkBody === undefined ? undefined : bodyOf(route, bytes, query)
  if (route.endpoint.access.kind === 'device-proof') situation.received = receivedOf(arrival, bytes)
  return await route.endpoint.handle({ path: params, query, body }, situation, route.door.needs)
}

/** Undefined for a name that no tenant can have. */
export const findTenant = (hooks: Hooks, name = '') => (tenantName.test(name) ? hooks.tenants.find(name) : undefined)

const NOTHING = Buffer.alloc(0)

function receivedOf({ request, query }: Arrival, body: Uint8Array): Received {
  return { method: request.method!, path: request.url!.split('?', 1)[0]!, query: readQuery(query), body }
}

function bodyOf(route: Route, bytes: Buffer, query: Record<string, string>): unknown {
  const { as, alsoInQuery, mayBeEmpty, maxTextCharacters } = route.endpoint.accepts!
  let body: unknown
  if (bytes.length === 0) {
    const elsewhere = alsoInQuery === true && Object.keys(query).length > 0
    if (!elsewhere && mayBeEmpty !== true) throw new Refusal('invalid_request', 'The request has no body.')
    body = {}
  } else {
    const text = decodeBody(bytes)
    body = as === 'form' ? readFormBody(text) : readJson(text, maxTextCharacters)
  }
  // Only an endpoint for parameters reads the query too, and its body is always an object.
  if (alsoInQuery === true) body = mergeParameters(body as Record<string, unknown>, query)
  route.checkBody!(body)
  return body
}

/** Bounds that hold for every request, whether or not an endpoint stands at its address. */
function assertBounds(request: IncomingMessage): void {
  if (request.rawHeaders.length > HEADER_LINES) throw new Refusal('invalid_request', 'There are too many headers.')
  // A NUL reaches no store: one of them would fault on it.
  if (request.url!.includes('%00')) throw new Refusal('invalid_request', 'The address holds a NUL character.')
}

/** Words a refusal or a fault in the door's dialect and sends it; answers the status it sent. */
export function refuse(
  shared: Exchanges,
  route: Route,
  arrival: Arrival,
  situation: Situation,
  error: unknown,
): number {
  const { log } = shared.hooks
  const where = { correlation: situation.correlation, method: arrival.request.method, path: route.endpoint.path }
  if (!(error instanceof Refusal)) log.error({ ...where, error }, 'a request failed')
  else if (!route.declared.has(error.code))
    log.warn({ ...where, code: error.code }, 'an endpoint gave a refusal it does not declare')

  const { request, response } = arrival
  if (response.headersSent) {
    // The answer broke off in the middle: only cutting the connection tells the client so.
    response.destroy()
    return 500
  }
  const refused = worded(shared, route, situation, error)
  const answer = { headers: { ...challenge(refused, error), ...refused.headers }, body: refused.body }
  const { refusalType: type, refusalUniform: uniform } = route
  send(response, {
    status: refused.status,
    uniform,
    type,
    answer,
    correlation: situation.correlation,
    close: shared.draining(),
  })
  discardRest(request)
  return refused.status
}

function worded(shared: Exchanges, route: Route, situation: Situation, error: unknown): Refused {
  if (!(error instanceof Refusal)) return route.door.dialect.fault(situation.correlation)
  try {
    return route.door.dialect.refuse(error, situation)
  } catch (cause) {
    shared.hooks.log.error({ correlation: situation.correlation, error: cause }, 'a dialect failed')
    return neutralDialect.fault(situation.correlation)
  }
}

/** Headers that the standard wants with a status, whatever the dialect (RFC 9110 sections 11.6.1 and 10.2.3). */
function challenge(refused: Refused, error: unknown): Record<string, string> {
  const headers: Record<string, string> = {}
  if (refused.status === 401) headers['www-authenticate'] = 'Bearer'
  const after = error instanceof Refusal ? error.retryAfter_seconds : undefined
  if (after !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(after)))
  return headers
}
