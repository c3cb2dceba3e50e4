/**
 * How the OpenID door says no: `{"error", "error_description"}` (RFC 6749 section 5.2). One answer depends on how the
 * caller authenticated: a bad secret is 400 in the body, and 401 with a challenge in a Basic header.
 */
import { type Refusal, type RefusalCode, refusals } from '#domain/refusal.ts'
import type { Dialect, Refused } from '#http/dialect.ts'

/** Codes that OAuth names otherwise (RFC 6749, RFC 6750 section 3.1); all others keep their name. */
const oauthNames: Partial<Record<RefusalCode, string>> = {
  unauthorized: 'invalid_token',
  forbidden: 'insufficient_scope',
  invalid_value: 'invalid_request',
  unsupported_value: 'invalid_request',
  too_long: 'invalid_request',
  too_large: 'invalid_request',
  unsupported_media_type: 'invalid_request',
  method_not_allowed: 'invalid_request',
  too_many_requests: 'temporarily_unavailable',
  outcome_unknown: 'server_error',
  csrf_mismatch: 'access_denied',
}

export const openidDialect: Dialect = {
  refuse(refusal, { headers }) {
    // An empty header counts as none: the credentials, if any, stood in the body.
    const basic = refusal.code === 'invalid_client' && /^basic +(?!Og==)\S/i.test(headers.authorization ?? '')
    return {
      status: basic ? 401 : refusals[refusal.code][0],
      headers: { ...challengeOf(refusal, basic), ...waitOf(refusal) },
      body: { error: oauthNames[refusal.code] ?? refusal.code, error_description: refusal.hint, ...refusal.members },
    } satisfies Refused
  },
  fault: correlation => ({
    status: 500,
    body: { error: 'server_error', error_description: `Something broke here; the log has it under ${correlation}.` },
  }),
}

function challengeOf(refusal: Refusal, basic: boolean): Record<string, string> {
  if (basic) return { 'www-authenticate': 'Basic realm="authn"' }
  if (refusal.code === 'unauthorized' || refusal.code === 'invalid_token') {
    return { 'www-authenticate': 'Bearer realm="authn", error="invalid_token"' }
  }
  return refusal.code === 'forbidden' ? { 'www-authenticate': 'Bearer realm="authn", error="insufficient_scope"' } : {}
}

const waitOf = (refusal: Refusal): Record<string, string> =>
  refusal.retryAfter_seconds === undefined ? {} : { 'retry-after': String(refusal.retryAfter_seconds) }
