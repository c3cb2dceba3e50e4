/**
 * POST /{tenant}/authn/token: tokens for clients and verdicts on users. RFC 6749 section 3.2.
 * This file owns what every grant shares: how the client proves itself (secret, assertion, or the token it holds) and which
 * grants exist; each grant fills in its own part.
 */
import { tokenAnswer, tokenRequest } from '@countersign/protocol/openid/token.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { clientProof, endpoint, type Situation } from '#http/endpoint.ts'
import { clientCall } from '#openid/client-proof/proof.ts'
import type { GrantNeeds, TokenParameters } from '#openid/grants/grant.ts'
import { grants } from '#openid/grants/grants.ts'
import { issuerOf } from '#openid/issuer.ts'

export const token = endpoint({
  method: 'POST',
  path: '/{tenant}/authn/token',
  summary: 'Gives a client its token, or validates a credential of a user for a client.',
  access: clientProof('the client proves itself by its secret, by an assertion or by its own bearer token'),
  accepts: { as: 'form', shape: tokenRequest, alsoInQuery: true, maxBytes: 16_384 },
  answers: { status: 200, shape: tokenAnswer },
  refusals: [
    'invalid_request',
    'invalid_client',
    'invalid_grant',
    'invalid_scope',
    'unauthorized_client',
    'unsupported_grant_type',
    'unauthorized',
    'forbidden',
    'authorization_pending',
    'slow_down',
    'expired_token',
    'access_denied',
    'too_many_requests',
    'temporarily_unavailable',
    'not_found',
  ],

  async handle({ body }, situation: Situation<Tenant>, needs: GrantNeeds) {
    const grant = grants.get(body.grant_type)
    if (!grant) throw new Refusal('unsupported_grant_type')
    const parameters = body as TokenParameters
    const issuer = issuerOf(situation.origin, situation.tenant)
    return { body: await grant({ parameters, issuer, ...clientCall(situation, body, 'token') }, needs) }
  },
})
