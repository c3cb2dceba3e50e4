/**
 * CORS (WHATWG Fetch, section 3.2): pages of the origins that a door names for a tenant, and of no other, are told that they may read its
 * answers, refusals too. Without credentials: callers sign or show a token, no cookie is asked for or sent.
 * Where nobody is named, answers do not depend on the origin, and nothing is said.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Door } from '#http/door.ts'

/** `tenant` is undefined while it is not known. */
export function allowOrigin(
  { cors }: Door,
  tenant: unknown,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const allowed = cors?.(tenant) ?? []
  if (allowed.length === 0) return false
  response.setHeader('vary', 'Origin')
  const { origin } = request.headers
  if (origin === undefined || !allowed.includes(origin)) return false
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', 'retry-after, server-csrf-token')
  return true
}

/** A page asks before it calls. */
export const isPreflight = ({ method, headers }: IncomingMessage) =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined

/** The answer to such a page. */
export function allowMethods(methods: string, response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', methods)
  response.setHeader('access-control-allow-headers', 'authorization, content-type, accept, server-csrf-token')
  response.setHeader('access-control-max-age', '600')
}
