/**
 * GET and POST /{tenant}/authn/login: a browser comes to sign in, with a pushed request or with all parameters (OpenID Connect Core
 * section 3.1.2.1). It gets two cookies and is sent to the portal. Surprise: a second visit of the same browser changes nothing, one
 * of another browser begins anew.
 */
import { CSRF, loginQuery } from '@countersign/protocol/openid/sign-in.ts'
import { Type } from 'typebox'
import type { KnownClient } from '#authentication/client-book.ts'
import { cookieName } from '#authentication/login-gate.ts'
import type { Visited } from '#authentication/login-start.ts'
import type { Logins } from '#authentication/logins.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { Signer } from '#domain/ports/signer.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { DEFAULT_THEME } from '#domain/theme-document.ts'
import { type Answer, anyone, endpoint, type Situation } from '#http/endpoint.ts'
import { RefusedToClient, readAuthorizationRequest } from '#openid/authorization-request.ts'
import { openidDialect } from '#openid/dialect.ts'
import { issuerOf } from '#openid/issuer.ts'
import { redirectAnswer } from '#openid/redirect-answer.ts'

interface Needs {
  readonly logins: Logins
  readonly signer: Signer
  readonly clock: Clock
  findClient(tenant: Tenant, clientId: string): Promise<KnownClient | null>
}

type Parameters = Readonly<Record<string, unknown>>

const shared = {
  path: '/{tenant}/authn/login',
  summary: 'Begins a login in the browser and sends it to the portal.',
  access: anyone('a browser comes here before anybody has signed in; the client and its request are checked'),
  answers: { status: 302, shape: Type.String(), type: 'text/plain;charset=UTF-8' },
  refusals: [
    'invalid_request',
    'invalid_request_uri',
    'invalid_redirect_uri',
    'invalid_request_object',
    'invalid_scope',
    'unsupported_response_type',
    'unauthorized_client',
    'request_uri_not_supported',
    'login_required',
    'too_many_requests',
    'temporarily_unavailable',
    'not_found',
  ],
} as const

export const login = endpoint({
  ...shared,
  method: 'GET',
  query: loginQuery,
  handle: ({ query }, situation: Situation<Tenant>, needs: Needs) => begin(query, situation, needs),
})

export const loginByPost = endpoint({
  ...shared,
  method: 'POST',
  accepts: { as: 'form', shape: loginQuery, maxBytes: 65_536 },
  handle: ({ body }, situation: Situation<Tenant>, needs: Needs) => begin(body, situation, needs),
})

async function begin(parameters: Parameters, situation: Situation<Tenant>, needs: Needs): Promise<Answer<unknown>> {
  const { tenant, headers } = situation
  const clientId = typeof parameters.client_id === 'string' ? parameters.client_id : ''
  try {
    const pushed = parameters.request_uri
    const requestUri =
      typeof pushed === 'string' && pushed.startsWith('urn:hid:')
        ? pushed
        : await asked(parameters, clientId, situation, needs)
    return toPortal(situation, await needs.logins.visit(tenant, requestUri, clientId, headers.cookie))
  } catch (error) {
    if (!(error instanceof RefusedToClient)) throw error
    const { body } = openidDialect.refuse(error, situation)
    const { error: code, error_description } = body as { error: string; error_description: string }
    return redirectAnswer(error.back, { error: code, error_description })
  }
}

async function asked(parameters: Parameters, clientId: string, situation: Situation<Tenant>, needs: Needs) {
  const { tenant, origin } = situation
  const client = await needs.findClient(tenant, clientId)
  if (!client) throw new Refusal('invalid_request', 'The client_id is not known.')
  const issuer = issuerOf(origin, tenant)
  const request = await readAuthorizationRequest({ parameters, client, tenant, issuer, at: 'login' }, needs)
  const { requestUri } = await needs.logins.begin(tenant, client, request, situation.source)
  return requestUri
}

function toPortal({ origin, tenant }: Situation<Tenant>, visited: Visited): Answer<unknown> {
  const { requestUri, csrf, cookie, expiresAt_ms, themeId } = visited
  const query = new URLSearchParams({ theme_id: themeId ?? DEFAULT_THEME, request_uri: requestUri })
  const secure = origin.startsWith('https:')
  const rest = `Path=/; Expires=${new Date(expiresAt_ms).toUTCString()}; SameSite=Strict${secure ? '; Secure' : ''}`
  const own = cookie === undefined ? [] : [`${cookieName(requestUri, secure)}=${cookie}; ${rest}; HttpOnly`]
  return {
    headers: {
      location: `${issuerOf(origin, tenant)}/portal?${query}`,
      'set-cookie': [`${CSRF}=${csrf}; ${rest}`, ...own],
      'referrer-policy': 'no-referrer',
    },
    body: '',
  }
}
