/**
 * The card bridge over HTTP, on loopback alone: the one program beside the browser that a page may ask for the card on the reader. Four
 * doors: the page's origin is in the list, `Host` is loopback (DNS rebinding), the page was paired by a code that stands in
 * the terminal, and what the card computes over holds the origin that the browser named, never one that the page says. So a page
 * of a stranger gets nothing, and one that a listed page was tricked into sending computes for that page only.
 *
 * Fetch standard section 3.2 (CORS); Private Network Access and its successor, Local Network Access, ask for headers of their own.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import {
  type AnswerWanted,
  BRIDGE_PATHS,
  BRIDGE_VERSION,
  type BridgeStatus,
} from '@countersign/protocol/card/bridge.ts'
import { csnOf } from '@countersign/protocol/card/csn.ts'
import { Type } from 'typebox'
import Value from 'typebox/value'
import type { Pairing } from '#cli/card-pairing.ts'
import type { CardReader } from '#cli/card-reader.ts'

const MOST_BYTES = 4096
/** One call waits so long for a card, then the page asks again. */
const WAIT_MS = 20_000
const LOOK_MS = 300
const NONCE_BYTES = 32

const pairing = Type.Object({ code: Type.String({ maxLength: 32 }) }, { additionalProperties: true })
const wanted = Type.Object(
  {
    csn: Type.String({ maxLength: 40 }),
    application: Type.String({ maxLength: 64 }),
    use: Type.Union([Type.Literal('enrol'), Type.Literal('sign-in')]),
    challenge: Type.String({ maxLength: 64 }),
  },
  { additionalProperties: true },
)

export interface BridgeParts {
  readonly reader: CardReader
  readonly pairing: Pairing
  /** Of pages that may ask: `https://id.example.org`. */
  readonly origins: readonly string[]
  /** How long one call waits for a card. */
  readonly wait_ms?: number
  /** Of what the reader could not do. */
  tell(line: string): void
}

interface Reply {
  readonly status: number
  readonly body?: object
}

export function cardBridge(parts: BridgeParts): Server {
  return createServer({ maxHeaderSize: 8192, requestTimeout: 10_000 }, (request, response) => {
    void answered(parts, request, response).catch(error => {
      parts.tell(`The reader failed: ${error instanceof Error ? error.message : 'unknown'}`)
      if (!response.headersSent) send(response, request, parts, { status: 502, body: { error: 'reader_failed' } })
    })
  })
}

async function answered(parts: BridgeParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isLoopback(request.headers.host) || !isListed(parts, request)) {
    return send(response, request, parts, { status: 403, body: { error: 'origin_not_allowed' } })
  }
  if (request.method === 'OPTIONS') return preflight(response, request, parts)
  send(response, request, parts, await replyTo(parts, request))
}

async function replyTo(parts: BridgeParts, request: IncomingMessage): Promise<Reply> {
  const { pairing: pairs, reader } = parts
  const { origin = '', authorization = '' } = request.headers
  const token = /^Bearer (\S{1,100})$/.exec(authorization)?.[1]
  const paired = token !== undefined && pairs.knows(origin, token)
  const path = request.url ?? ''
  if (path === BRIDGE_PATHS.status && request.method === 'GET') {
    const status: BridgeStatus = { bridge: 'countersign', version: BRIDGE_VERSION, reader: reader.name, paired }
    return { status: 200, body: status }
  }
  if (request.method !== 'POST') return { status: 404, body: { error: 'not_found' } }
  // A form of another page is no JSON, and a page that sends JSON is asked for its origin by the browser first.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    return { status: 415, body: { error: 'not_json' } }
  const body = await bodyOf(request)
  if (path === BRIDGE_PATHS.pair) {
    const made = Value.Check(pairing, body) ? pairs.pair(origin, body.code) : undefined
    return made === undefined ? { status: 401, body: { error: 'wrong_code' } } : { status: 200, body: { token: made } }
  }
  if (!paired) return { status: 401, body: { error: 'not_paired' } }
  if (path === BRIDGE_PATHS.card) return waited(parts, request)
  if (path === BRIDGE_PATHS.answer) return asked(parts, origin, body)
  return { status: 404, body: { error: 'not_found' } }
}

/** Until a card is held up, the page goes away, or the time of one call is over. */
async function waited({ reader, wait_ms = WAIT_MS }: BridgeParts, request: IncomingMessage): Promise<Reply> {
  for (let waited_ms = 0; waited_ms < wait_ms && !request.socket.destroyed; waited_ms += LOOK_MS) {
    const card = await reader.card()
    if (card) return { status: 200, body: card }
    await new Promise(done => setTimeout(done, LOOK_MS))
  }
  return { status: 204 }
}

async function asked({ reader }: BridgeParts, origin: string, body: unknown): Promise<Reply> {
  if (!Value.Check(wanted, body)) return { status: 400, body: { error: 'malformed' } }
  const { application, use, challenge }: AnswerWanted = body
  const csn = csnOf(body.csn)
  const nonce = new Uint8Array(Buffer.from(challenge, 'base64url'))
  if (csn === undefined || nonce.length !== NONCE_BYTES) return { status: 400, body: { error: 'malformed' } }
  const made = await reader.answer({ use, origin, application, csn, nonce })
  if (!made) return { status: 409, body: { error: 'no_card' } }
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
  const publicKey = made.publicKey === undefined ? {} : { publicKey: text(made.publicKey) }
  return { status: 200, body: { origin, answer: text(made.answer), ...publicKey } }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length
    if (size > MOST_BYTES) return undefined
    parts.push(part as Buffer)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    return undefined
  }
}

const isLoopback = (host: string | undefined) => /^(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/.test(host ?? '')

const isListed = ({ origins }: BridgeParts, { headers }: IncomingMessage) => origins.includes(headers.origin ?? '')

function preflight(response: ServerResponse, request: IncomingMessage, parts: BridgeParts): void {
  response.setHeader('access-control-allow-methods', 'GET, POST')
  response.setHeader('access-control-allow-headers', 'content-type, authorization')
  for (const name of ['private-network', 'local-network']) {
    if (request.headers[`access-control-request-${name}`] === 'true')
      response.setHeader(`access-control-allow-${name}`, 'true')
  }
  send(response, request, parts, { status: 204 })
}

function send(response: ServerResponse, request: IncomingMessage, parts: BridgeParts, { status, body }: Reply): void {
  if (isListed(parts, request)) response.setHeader('access-control-allow-origin', request.headers.origin ?? '')
  response.setHeader('vary', 'origin')
  response.setHeader('cache-control', 'no-store')
  response.setHeader('x-content-type-options', 'nosniff')
  if (body === undefined) return void response.writeHead(status).end()
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
