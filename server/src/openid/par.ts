/**
 * POST /{tenant}/authn/par: a client pushes an authorization request and gets a name for it. RFC 9126. Surprise: a client that comes with
 * its bearer token is answered 200, as the reference does, any other 201, as the standard says (docs: two dialects).
 */
import { parRequest } from '@countersign/protocol/openid/authorization-request.ts'
import { parAnswer } from '@countersign/protocol/openid/sign-in.ts'
import type { Callers } from '#authentication/callers.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import type { Clients } from '#authentication/clients.ts'
import type { AuthorizationRequest } from '#domain/login.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { Signer } from '#domain/ports/signer.ts'
import type { Tenant } from '#domain/tenant.ts'
import { clientProof, endpoint, type Situation } from '#http/endpoint.ts'
import { readAuthorizationRequest } from '#openid/authorization-request.ts'
import { authenticateClient } from '#openid/client-proof/authenticate.ts'
import { clientCall } from '#openid/client-proof/proof.ts'
import { issuerOf } from '#openid/issuer.ts'

export interface PushedLogins {
  start(
    tenant: Tenant,
    client: KnownClient,
    request: AuthorizationRequest,
  ): Promise<{ readonly requestUri: string; readonly expires_in_seconds: number }>
}

interface Needs {
  readonly clients: Clients
  readonly callers: Callers
  readonly logins: PushedLogins
  readonly signer: Signer
  readonly clock: Clock
}

export const par = endpoint({
  method: 'POST',
  path: '/{tenant}/authn/par',
  summary: 'Takes an authorization request and answers the request_uri under which a login may begin.',
  access: clientProof('the client proves itself by its bearer token, its secret, an assertion, or is public'),
  accepts: { as: 'form', shape: parRequest, alsoInQuery: true, maxBytes: 65_536 },
  answers: { status: 201, shape: parAnswer },
  refusals: [
    'invalid_request',
    'invalid_client',
    'invalid_redirect_uri',
    'invalid_request_object',
    'invalid_scope',
    'unsupported_response_type',
    'unauthorized_client',
    'login_required',
    'unauthorized',
    'too_many_requests',
    'temporarily_unavailable',
    'not_found',
  ],

  async handle({ body }, situation: Situation<Tenant>, needs: Needs) {
    const { tenant, origin } = situation
    const { client, by } = await authenticateClient(clientCall(situation, body, 'par'), needs)
    const issuer = issuerOf(origin, tenant)
    const asking = { parameters: body, client, tenant, issuer, at: 'par' } as const
    const read = await readAuthorizationRequest(asking, needs)
    const request: AuthorizationRequest = by === 'none' ? read : { ...read, vouched: true }
    const { requestUri, expires_in_seconds } = await needs.logins.start(tenant, client, request)
    return {
      status: by === 'bearer' ? 200 : 201,
      body: { request_uri: requestUri, expires_in: expires_in_seconds },
    }
  },
})
