/**
 * The carrier: a Fastify instance that serves the doors' endpoints and nothing else. Fastify routes and owns the socket; bodies,
 * checks and answers are ours (`exchange.ts`), because one straight function is both quicker and easier to audit than hooks.
 * The public origin comes from configuration only: Host and X-Forwarded-Host are never read.
 * Surprise: every method is registered as one without a body, so that Fastify leaves the body, whatever its label, to us.
 */
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import fastify, { type FastifyHttpOptions, type FastifyReply, type FastifyRequest } from 'fastify'
import { Fault } from '#domain/refusal.ts'
import { type Door, lowerCasePrefix } from '#http/door.ts'
import { type Arrival, type Exchanges, exchange, type Hooks } from '#http/exchange.ts'
import { limits } from '#http/limits.ts'
import { METHODS, placesOf, shadowedAt } from '#http/place.ts'
import type { Route } from '#http/route.ts'
import { sourceAddress } from '#http/source-address.ts'
import { Strays } from '#http/stray.ts'
import type { Traffic } from '#http/traffic.ts'
import { Turn } from '#http/turn.ts'

export interface CarrierOptions<T> extends Hooks<T> {
  readonly doors: readonly Door[]
  /** The public origin, `https://host[:port]`; a function when it depends on the port that was free. */
  readonly origin: string | ((port: number) => string)
  /** Addresses and CIDR ranges whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  readonly traffic: Traffic
  /** When the server begins to close: what would stay open for ever is to be ended. */
  readonly onDrain?: () => void
  /** How long `close` waits for requests under way. */
  readonly drain_ms?: number
}

export interface Carrier {
  /** Answers the port it listens on. */
  listen(port: number, host: string): Promise<number>
  /** Stops accepting, finishes what is under way, then cuts what is left. */
  close(): Promise<void>
}

/** Throws Fault when two endpoints share an address, RangeError when a proxy's address is malformed. */
export function carrier<T>(options: CarrierOptions<T>): Carrier {
  let origin = ''
  let draining = false
  const shared: Exchanges = {
    hooks: options as unknown as Hooks,
    source: sourceAddress(options.trustedProxies),
    draining: () => draining,
  }
  const turn = new Turn((route, arrival) => start(shared, route, arrival))
  const places = placesOf(options.doors, options.traffic)
  const strays = new Strays(shared, options.doors, places, options.traffic)
  const app = bareFastify(options.doors, (error, request, reply) => {
    const arrival = arrivalOf(request, reply, origin)
    // A parameter longer than any id of ours names nothing; all else that the router cannot read is malformed.
    if (error.code === 'FST_ERR_MAX_PARAM_LENGTH') strays.take(arrival)
    else strays.unreadable(arrival)
  })
  app.setNotFoundHandler((request, reply) => strays.take(arrivalOf(request, reply, origin)))

  for (const place of places) {
    for (const [method, { pattern, route, under }] of place.served) {
      const handler = (request: FastifyRequest, reply: FastifyReply) =>
        turn.take(route, arrivalOf(request, reply, origin + under))
      app.route({ method: method === 'GET' ? ['GET', 'HEAD'] : method, url: pattern, handler })
    }
    const shadowed = shadowedAt(place, places)
    if (shadowed.length === 0) continue
    const handler = (request: FastifyRequest, reply: FastifyReply) => strays.take(arrivalOf(request, reply, origin))
    app.route({ method: shadowed, url: place.pattern, handler })
  }

  return {
    async listen(port, host) {
      await app.ready()
      if (typeof options.origin === 'string') origin = checkedOrigin(options.origin)
      await app.listen({ port, host, listenTextResolver: () => '' })
      const bound = (app.server.address() as AddressInfo).port
      if (typeof options.origin === 'function') origin = checkedOrigin(options.origin(bound))
      options.log.info({ port: bound, host }, 'listening')
      return bound
    },
    async close() {
      draining = true
      options.onDrain?.()
      const cut = setTimeout(() => app.server.closeAllConnections(), options.drain_ms ?? limits.drain_ms.value)
      try {
        await app.close()
      } finally {
        clearTimeout(cut)
      }
    },
  }
}

function start(shared: Exchanges, route: Route, arrival: Arrival): void {
  exchange(shared, route, arrival).catch((error: unknown) => {
    shared.hooks.log.error({ error }, 'an answer could not be written')
    arrival.response.destroy()
  })
}

function arrivalOf(request: FastifyRequest, reply: FastifyReply, origin: string): Arrival {
  return {
    at_ms: performance.now(),
    request: request.raw,
    response: reply.raw,
    params: (request.params ?? {}) as Record<string, string>,
    // The router hands the raw query string through: see `querystringParser` below.
    query: request.query as unknown as string,
    origin,
  }
}

const noCompiler = () => {
  throw new Fault('no route is registered with a schema')
}

type Unrouted = (error: { readonly code: string }, request: FastifyRequest, reply: FastifyReply) => void

function bareFastify(doors: readonly Door[], unrouted: Unrouted) {
  const anyCase = doors.flatMap(door => door.anyCase ?? [])
  const options: FastifyHttpOptions<Server> = {
    exposeHeadRoutes: false,
    return503OnClosing: false,
    keepAliveTimeout: limits.keep_alive_timeout_ms.value,
    requestTimeout: limits.request_timeout_ms.value,
    http: {
      maxHeaderSize: limits.header_bytes.value,
      headersTimeout: limits.headers_timeout_ms.value,
      connectionsCheckingInterval: limits.connections_check_ms.value,
    },
    routerOptions: {
      maxParamLength: limits.path_parameter_characters.value,
      querystringParser: text => text as unknown as Record<string, unknown>,
    },
    // Shapes are checked by `shape-check.ts`. Without these two, Fastify loads a second checker that nobody asks.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    frameworkErrors: (error, request, reply) => unrouted(error, request, reply as FastifyReply),
    clientErrorHandler: answerUnreadable,
    ...(anyCase.length > 0 ? { rewriteUrl: request => lowerCasePrefix(request.url!, anyCase) } : {}),
  }
  const app = fastify(options)
  // No limit on their number, because Node would drop what is beyond it silently; `exchange` refuses too many.
  app.server.maxHeadersCount = 0
  for (const method of METHODS) app.addHttpMethod(method, { hasBody: false, overrideExisting: true })
  return app
}

/** Bytes that are no HTTP request, or came too slowly: Node has no request to answer, so the words are written as they are. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = statusLines[error.code ?? ''] ?? '400 Bad Request'
  const body = '{"error":"invalid_request","error_description":"The request could not be read."}'
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncache-control: no-store\r\n` +
      `content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  )
}

const statusLines: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

function checkedOrigin(text: string): string {
  if (!URL.canParse(text) || new URL(text).origin !== text) {
    throw new Fault(`the public origin must be a scheme, a host and perhaps a port, like https://id.example: ${text}`)
  }
  return text
}
