/**
 * GET /{tenant}/authn/bcauthorize/deliveries: what was tried to tell a client, or the device, about a request or a registration of
 * that client. Ours: the reference says that callbacks may be lost, and not how one learns of it.
 */
import { deliveriesAnswer } from '@countersign/protocol/openid/bcauthorize.ts'
import { Type } from 'typebox'
import type { Approvals } from '#authentication/approvals.ts'
import type { Callers } from '#authentication/callers.ts'
import type { Clients } from '#authentication/clients.ts'
import type { Tenant } from '#domain/tenant.ts'
import { clientProof, endpoint, type Situation } from '#http/endpoint.ts'
import { authenticateClient } from '#openid/client-proof/authenticate.ts'
import { clientCall } from '#openid/client-proof/proof.ts'

interface Needs {
  readonly clients: Clients
  readonly callers: Callers
  readonly approvals: Approvals
}

export const deliveries = endpoint({
  method: 'GET',
  path: '/{tenant}/authn/bcauthorize/deliveries',
  summary: 'Shows what was tried to tell of a request of the client: times, outcomes, statuses.',
  access: clientProof('the client proves itself by its bearer token or by Basic'),
  query: Type.Object({ auth_req_id: Type.String({ maxLength: 128 }) }),
  answers: { status: 200, shape: deliveriesAnswer },
  refusals: [
    'invalid_request',
    'invalid_client',
    'invalid_grant',
    'unauthorized',
    'too_many_requests',
    'temporarily_unavailable',
    'not_found',
  ],

  async handle({ query }, situation: Situation<Tenant>, needs: Needs) {
    const { client } = await authenticateClient(clientCall(situation, {}, 'bcauthorize'), needs)
    const traces = await needs.approvals.deliveries(situation.tenant, client, query.auth_req_id)
    return {
      body: {
        deliveries: traces.map(({ kind, attempt, at, outcome, status }) => ({
          kind,
          attempt,
          at: new Date(at).toISOString(),
          outcome,
          status,
        })),
      },
    }
  },
})
