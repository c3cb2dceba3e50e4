/**
 * Puts an answer on the wire: uniform headers by kind of content, the body, its length.
 * Answers are never cached unless a handler says so; pages carry a policy that allows no inline script and no framing
 * (security.md's rule on public pages); nothing names the product or its version.
 * Surprise: headers are a flat list of names and values, the form Node writes without building an object.
 */
import type { ServerResponse } from 'node:http'
import type { Answer } from '#http/endpoint.ts'
import { EventStream, runStream } from '#http/event-stream.ts'

const COMMON = ['cache-control', 'no-store', 'pragma', 'no-cache', 'x-content-type-options', 'nosniff']

export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

const PAGE = ['content-security-policy', PAGE_POLICY, 'referrer-policy', 'no-referrer', 'x-frame-options', 'DENY']

/** The headers that every answer of this content type carries. */
export function uniformHeaders(type: string): readonly string[] {
  return type.startsWith('text/html') ? ['content-type', type, ...COMMON, ...PAGE] : ['content-type', type, ...COMMON]
}

export interface Outgoing {
  readonly status: number
  /** What `uniformHeaders` answered for `type`, kept by the caller because it is the same for each request. */
  readonly uniform: readonly string[]
  readonly type: string
  readonly answer: Answer<unknown>
  readonly correlation: string
  /** Set while the server drains: the client is told to open another connection elsewhere. */
  readonly close: boolean
}

/** Writes and ends the response. Throws when a handler's header holds characters that no header may hold. */
export function send(response: ServerResponse, outgoing: Outgoing): void {
  const { status, answer, correlation } = outgoing
  const own = answer.headers
  const headers = own === undefined ? outgoing.uniform.slice() : withOwn(outgoing, own)
  headers.push('x-correlation-id', correlation)
  if (outgoing.close) headers.push('connection', 'close')

  if (status === 204 || status === 304) {
    response.writeHead(status, withoutType(headers))
    response.end()
    return
  }
  if (answer.body instanceof EventStream) {
    response.writeHead(status, headers)
    runStream(response, answer.body)
    return
  }
  const type = typeof own?.['content-type'] === 'string' ? own['content-type'] : outgoing.type
  const body = encode(answer.body, type)
  headers.push('content-length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.length))
  response.writeHead(status, headers)
  response.end(body)
}

function encode(body: unknown, type: string): string | Uint8Array {
  if (body instanceof Uint8Array) return body
  if (type.includes('json')) return JSON.stringify(body ?? null)
  return typeof body === 'string' ? body : ''
}

function withOwn(outgoing: Outgoing, own: NonNullable<Answer<unknown>['headers']>): string[] {
  const type = own['content-type']
  const base = typeof type === 'string' && type !== outgoing.type ? uniformHeaders(type) : outgoing.uniform
  const headers: string[] = []
  for (let at = 0; at < base.length; at += 2) {
    if (own[base[at]!] === undefined) headers.push(base[at]!, base[at + 1]!)
  }
  // `pragma` only repeats `cache-control: no-store` to old clients; a handler that allows caching must not be contradicted.
  const cached = own['cache-control'] !== undefined && own.pragma === undefined
  const kept = cached ? without(headers, 'pragma') : headers
  for (const name of Object.keys(own)) {
    const value = own[name]!
    if (typeof value === 'string') kept.push(name, value)
    else for (const one of value) kept.push(name, one)
  }
  return kept
}

const withoutType = (headers: string[]) => without(headers, 'content-type')

function without(headers: readonly string[], name: string): string[] {
  const kept: string[] = []
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at] !== name) kept.push(headers[at]!, headers[at + 1]!)
  }
  return kept
}
