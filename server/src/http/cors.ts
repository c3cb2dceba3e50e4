/**
 * CORS for a door whose callers are pages of one other origin (WHATWG Fetch, section 3.2): that origin and no other is told that
 * it may read answers, refusals too. Without credentials: callers sign, no cookie is asked for.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Door } from '#http/door.ts'

export function allowOrigin({ cors }: Door, request: IncomingMessage, response: ServerResponse): boolean {
  const allowed = cors?.()
  if (allowed === undefined) return false
  response.setHeader('vary', 'Origin')
  if (request.headers.origin !== allowed) return false
  response.setHeader('access-control-allow-origin', allowed)
  response.setHeader('access-control-expose-headers', 'retry-after')
  return true
}

/** The answer to a page that asks first. */
export function allowMethods(methods: string, response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', methods)
  response.setHeader('access-control-allow-headers', 'authorization, content-type')
  response.setHeader('access-control-max-age', '600')
}
