/**
 * How a door words its refusals on the wire: OpenID as `{error, error_description}` (RFC 6749 section 5.2), SCIM as its
 * error schema (RFC 7644 section 3.12). The carrier decides that a request is refused; the dialect only words it.
 * A fault never carries its cause to the caller: only the correlation id under which the log holds it.
 */
import { type Refusal, refusals } from '#domain/refusal.ts'
import type { Situation } from '#http/endpoint.ts'

export interface Refused {
  readonly status: number
  /** Names in lower case; they win over the carrier's own. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body: unknown
}

export interface Dialect {
  /** `situation.tenant` and `.caller` are undefined when the refusal came before they were known. */
  refuse(refusal: Refusal, situation: Situation<unknown>): Refused
  fault(correlation: string): Refused
}

/** For addresses that belong to no door, and for the carrier's own pages. */
export const neutralDialect: Dialect = {
  refuse: refusal => ({
    status: refusals[refusal.code][0],
    body: { error: refusal.code, error_description: refusal.hint },
  }),
  fault: correlation => ({ status: 500, body: { error: 'server_error', correlation } }),
}
