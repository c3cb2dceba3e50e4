/**
 * Who calls, by the `Authorization: Bearer` header (RFC 6750 section 2.1), and whether the endpoint is open to them.
 * A missing, malformed, unknown, expired or foreign token gets one and the same 401; a known caller without the permission gets 403.
 * Tokens in bodies or query strings are not read. Two Authorization headers are refused: proxies disagree which one counts.
 */
import type { IncomingMessage } from 'node:http'
import { Refusal } from '#domain/refusal.ts'
import type { Access, Caller } from '#http/endpoint.ts'
import { limits } from '#http/limits.ts'

const LONGEST = limits.bearer_characters.value
const token68 = /^[A-Za-z0-9\-._~+/]+=*$/

/** The token, or undefined when there is none that could be one. */
export function bearerOf(header: string | undefined): string | undefined {
  if (header === undefined || header.length > LONGEST + 7) return undefined
  if (header.charCodeAt(6) !== 32 || header.slice(0, 6).toLowerCase() !== 'bearer') return undefined
  const token = header.slice(7)
  return token68.test(token) ? token : undefined
}

/** Throws Refusal `invalid_request`. Node keeps only the first of two such headers, so the raw list is asked. */
export function assertOneAuthorization(request: IncomingMessage): void {
  const raw = request.rawHeaders
  let seen = 0
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!
    if (name.length === 13 && name.toLowerCase() === 'authorization') seen++
  }
  if (seen > 1) throw new Refusal('invalid_request', 'There is more than one Authorization header.')
}

/** Throws Refusal `invalid_token` or `forbidden`; answers the caller of an endpoint that asks for one. */
export function assertAccess(access: Access, caller: Caller | undefined): void {
  switch (access.kind) {
    case 'anyone':
    case 'client-proof':
    case 'device-proof':
    case 'login-proof':
      return
    case 'any-bearer':
      if (caller === undefined) throw new Refusal('invalid_token')
      return
    case 'bearer':
      if (caller === undefined) throw new Refusal('invalid_token')
      if (!caller.permissions.has(access.permission)) throw new Refusal('forbidden')
      return
    default:
      // An access kind that is not known here opens nothing.
      access satisfies never
      throw new Refusal('forbidden')
  }
}
